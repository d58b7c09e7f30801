import type { AppError, Clock } from '@bff/core';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Claim } from './claim.ts';
import type { Journal } from './journal.ts';
import type { WorkScopes } from './work-scopes.ts';

/** Pause between two looks whether somebody else's work is at its end. */
const lookAgainMs = 100;

export interface InTurnOptions {
  journal: Journal;
  scopes: WorkScopes;
  clock: Clock;
  times: Pick<CheckoutTimes, 'leaseMs'>;
}

export interface Turn<T> {
  work(claim: Claim): Promise<T>;
  /** What has become known of it while somebody else was at work; throws what is to be answered. */
  known(): Promise<T | undefined>;
  /** What to answer when somebody else is still at work, and alive. */
  busy(): AppError;
}

export type InTurn = <T>(id: string, turn: Turn<T>) => Promise<T>;

/**
 * One piece of work is in one hand at a time, over all instances. Whoever comes meanwhile waits: for what the other one
 * makes of it, or until the other one has been silent for the time of a lease, and then goes on in its place. So the
 * repetition of a request whose instance was killed is answered with the outcome, and not sent away for as long as the
 * lease of the dead lasts.
 */
export function createInTurn({ journal, scopes, clock, times }: InTurnOptions): InTurn {
  const waitMs = times.leaseMs * 1.5;
  const look = <T>(id: string, work: (claim: Claim) => Promise<T>) =>
    scopes.hold(async () => {
      const claim = await journal.claim(id);
      if (!claim) return undefined;
      try {
        return { outcome: await work(claim) };
      } finally {
        await claim.release().catch(() => undefined);
      }
    });
  return async (id, { work, known, busy }) => {
    const giveUpAt = clock.now() + waitMs;
    for (;;) {
      const mine = await look(id, work);
      if (mine) return mine.outcome;
      if (clock.now() >= giveUpAt) throw busy();
      await new Promise<void>((resolve) => clock.after(lookAgainMs, resolve));
      const others = await known();
      if (others !== undefined) return others;
    }
  };
}
