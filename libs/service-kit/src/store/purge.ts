import type { Clock } from '@bff/core';
import { forgetExpiredAnswers } from './idempotency.ts';
import type { DatabaseTransaction } from './tables.ts';

const intervalMs = 60_000;

export interface PurgeOptions {
  clock: Clock;
  keptChanges: number;
}

/** Takes away what nobody may ask for any more, along with a write once a minute: a store without writes does not grow. */
export class Purge {
  readonly #options: PurgeOptions;
  #next: number;

  constructor(options: PurgeOptions) {
    this.#options = options;
    this.#next = options.clock.now() + intervalMs;
  }

  /** Does nothing when it is not yet time. */
  async run(trx: DatabaseTransaction, newestRevision: number): Promise<void> {
    const { clock, keptChanges } = this.#options;
    if (clock.now() < this.#next) return;
    this.#next = clock.now() + intervalMs;
    await forgetExpiredAnswers(trx, clock.date().getTime());
    await trx
      .deleteFrom('changes')
      .where('revision', '<=', newestRevision - keptChanges)
      .execute();
  }
}
