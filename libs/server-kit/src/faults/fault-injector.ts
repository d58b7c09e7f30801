import { isDeepStrictEqual } from 'node:util';
import { AppError, type Clock } from '@bff/core';
import { noFaults, type FaultSettings } from './fault-settings.ts';

export interface FaultInjectorOptions {
  clock: Clock;
  /** A number from 0 up to 1. */
  random: () => number;
}

/** Whoever made a request or a call. */
export interface Caller {
  /** Aborts when he leaves. */
  readonly left: AbortSignal;
  /** Cuts his connection with a TCP reset. */
  reset(): void;
}

/**
 * Makes the requests of a process fail as it is told, and stops when it is healed. It stands in front of everything else: what
 * is slow or hangs here does not see deadlines pass, as a process that is slow or hangs does not.
 */
export class FaultInjector {
  readonly #options: FaultInjectorOptions;
  readonly #hanging = new Set<() => void>();
  #settings = noFaults;

  constructor(options: FaultInjectorOptions) {
    this.#options = options;
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Whether there is anything to wait or to fail for; requests of a healthy process need not ask further. */
  get isOn(): boolean {
    return this.#settings !== noFaults;
  }

  /** Calls that hang go on when the new settings do not hang. */
  set(settings: FaultSettings): void {
    this.#settings = isDeepStrictEqual(settings, noFaults) ? noFaults : settings;
    if (!settings.hang) this.#release();
  }

  heal(): void {
    this.set(noFaults);
  }

  /** Resolves when the request may go on; rejects when it shall fail, or its caller is gone. Nothing of it has been done yet. */
  async pass({ left, reset }: Caller): Promise<void> {
    const { latencyMs, jitterMs, errorRate, errorCode, hang, reset: resets } = this.#settings;
    const delayMs = latencyMs + jitterMs * (jitterMs > 0 ? this.#options.random() : 0);
    if (delayMs > 0) await this.#wait(delayMs, left);
    if (hang) await this.#hang(left);
    if (left.aborted) throw new AppError('cancelled', 'The client went away.');
    if (resets) {
      reset();
      throw new AppError('cancelled', 'The connection was cut.');
    }
    if (errorRate > 0 && this.#options.random() < errorRate) {
      throw new AppError(errorCode, 'The request could not be completed.');
    }
  }

  #wait(delayMs: number, left: AbortSignal): Promise<void> {
    return untilLeft(left, (finish) => this.#options.clock.after(delayMs, finish));
  }

  /** Until it is healed or the client is gone. */
  #hang(left: AbortSignal): Promise<void> {
    return untilLeft(left, (finish) => {
      this.#hanging.add(finish);
      return () => this.#hanging.delete(finish);
    });
  }

  #release(): void {
    for (const finish of [...this.#hanging]) finish();
  }
}

/** Resolves when what `start` begins calls back, or when the caller has left; what was begun is then undone. */
function untilLeft(left: AbortSignal, start: (finish: () => void) => () => unknown): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      undo();
      left.removeEventListener('abort', finish);
      resolve();
    };
    const undo = start(finish);
    if (left.aborted) finish();
    else left.addEventListener('abort', finish, { once: true });
  });
}
