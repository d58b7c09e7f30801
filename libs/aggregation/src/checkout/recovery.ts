import { AppError, type CancelTimer, type Clock } from '@bff/core';
import type { RecoveryReport } from './checkout.ts';
import type { CheckoutEvent } from './checkout-event.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Driver } from './drive-work.ts';
import type { Claim } from './claim.ts';
import type { Journal, OpenWork } from './journal.ts';
import { isRefusal } from './try-step.ts';
import type { Origin, WorkScopes } from './work-scopes.ts';

/** Pieces of work that one instance recovers at a time. */
const atATime = 8;

export interface RecoveryOptions {
  journal: Journal;
  driver: Driver;
  scopes: WorkScopes;
  clock: Clock;
  times: CheckoutTimes;
  random: () => number;
  randomHex: (bytes: number) => string;
  onEvent: (event: CheckoutEvent) => void;
}

/** Finishes what instances that are no more, or services that were down, have left unfinished. */
export class Recovery {
  readonly #options: RecoveryOptions;
  #stopTimer: CancelTimer | undefined;
  #stopped = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Rounds at intervals, each instance at its own times; the first comes soon, since a restart may have left work behind. */
  start(): void {
    this.#schedule(this.#options.random() * this.#options.times.recoveryIntervalMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer?.();
  }

  async round(): Promise<RecoveryReport> {
    const { journal, scopes } = this.#options;
    const open = journal.listOpen();
    const report = { found: 0, finished: 0 };
    // Several workers on one iterator: what one takes, no other gets.
    const work = async () => {
      for (let next = await open.next(); !next.done && !this.#stopped; next = await open.next()) {
        report.found++;
        if (await this.#recover(next.value)) report.finished++;
      }
    };
    await scopes.hold(async () => {
      // Until all are done: when the list fails for one, the others still have work in hand that `close` waits for.
      const ended = await Promise.allSettled(Array.from({ length: atATime }, work));
      for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
    });
    return report;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    const { clock, times, random } = this.#options;
    this.#stopTimer?.();
    this.#stopTimer = clock.after(delayMs, () => {
      void this.#roundAndAgain(times.recoveryIntervalMs * (0.75 + 0.5 * random()));
    });
  }

  async #roundAndAgain(pauseMs: number): Promise<void> {
    try {
      await this.round();
    } catch (thrown) {
      this.#options.onEvent({ kind: 'recovery_failed', error: AppError.from(thrown) });
    }
    this.#schedule(pauseMs);
  }

  /** Whether the work is at its end. One that fails does not keep the others waiting. */
  async #recover({ id, tries, notBefore, version }: OpenWork): Promise<boolean> {
    const { journal, clock, onEvent } = this.#options;
    if (notBefore > clock.date().getTime()) return false;
    try {
      const claim = await journal.claim(id, version);
      if (!claim) return false;
      try {
        return await this.#finish(claim, tries);
      } finally {
        await claim.release().catch(() => undefined);
      }
    } catch (thrown) {
      const error = AppError.from(thrown);
      // A cancellation that is refused is at its end, too.
      if (isRefusal(error)) return true;
      // That work was put off was told by the driver.
      if (error.retryAfterMs === undefined) onEvent({ kind: 'recovery_failed', error });
      return false;
    }
  }

  async #finish(claim: Claim, tries: number): Promise<boolean> {
    const { driver, onEvent } = this.#options;
    const { id, entry } = claim;
    if (!entry || entry.state === 'placed' || entry.state === 'failed') {
      // The holder died between its last two writes.
      await claim.leaveIndex();
      return true;
    }
    await claim.save(entry);
    const work = entry.state === 'cancelling' ? 'cancel' : 'checkout';
    onEvent({ kind: 'resumed', work, id });
    const drive = { claim, origin: this.#origin(), tries };
    if (entry.state === 'cancelling') await driver.cancel(entry, drive);
    else await driver.checkout(entry, drive);
    return true;
  }

  #origin(): Origin {
    const { randomHex } = this.#options;
    const trace = { traceId: randomHex(16), spanId: randomHex(8), sampled: false };
    return { requestId: randomHex(8), trace };
  }
}
