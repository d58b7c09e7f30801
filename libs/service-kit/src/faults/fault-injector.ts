import { AppError, throwIfEnded, type Clock, type Context } from '@bff/core';
import { noFaults, type FaultSettings } from './fault-settings.ts';

export interface FaultInjectorOptions {
  clock: Clock;
  /** A number from 0 up to 1. */
  random: () => number;
}

/** The connection that a call came on. */
export interface CallConnection {
  /** Cuts it with a TCP reset. */
  reset(): void;
}

/** Makes the calls of a service fail as it is told, and stops when it is healed. */
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

  /** Calls that hang go on when the new settings do not hang. */
  set(settings: FaultSettings): void {
    this.#settings = settings;
    if (!settings.hang) this.#release();
  }

  heal(): void {
    this.set(noFaults);
  }

  /** Resolves when the call may go on; rejects when it shall fail. Before it, nothing of the call has been done. */
  async pass(context: Context, connection: CallConnection): Promise<void> {
    const { latencyMs, jitterMs, errorRate, errorCode, hang, reset } = this.#settings;
    const delayMs = latencyMs + jitterMs * (jitterMs > 0 ? this.#options.random() : 0);
    if (delayMs > 0) await this.#wait(delayMs, context);
    if (reset) {
      connection.reset();
      throw new AppError('cancelled', 'The connection was cut.');
    }
    if (hang) {
      await this.#hang(context.signal);
      throwIfEnded(context);
    }
    if (errorRate > 0 && this.#options.random() < errorRate) {
      throw new AppError(errorCode, 'The request could not be completed.');
    }
  }

  async #wait(delayMs: number, context: Context): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = () => {
        stopTimer();
        context.signal.removeEventListener('abort', finish);
        resolve();
      };
      const stopTimer = this.#options.clock.after(delayMs, finish);
      context.signal.addEventListener('abort', finish, { once: true });
    });
    throwIfEnded(context);
  }

  /** Until it is healed or the client is gone. A deadline ends nothing: a process that hangs does not see it pass. */
  async #hang(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const clientLeft = () => {
        if (AppError.from(signal.reason).code === 'cancelled') finish();
      };
      const finish = () => {
        this.#hanging.delete(finish);
        signal.removeEventListener('abort', clientLeft);
        resolve();
      };
      this.#hanging.add(finish);
      if (signal.aborted) clientLeft();
      signal.addEventListener('abort', clientLeft, { once: true });
    });
  }

  #release(): void {
    for (const finish of [...this.#hanging]) finish();
  }
}
