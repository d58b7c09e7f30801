import { AppError, openContext, untilEnded, type Clock, type Context, type ContextScope } from '@bff/core';
import type { ActingFor } from './checkout-entry.ts';
import { askAgainMs, undecided } from './undecided.ts';

/** One piece of work may occupy an instance for so long; then it is left to the next recovery. */
const workLimitMs = 5 * 60_000;

/** For what was cut off to say so in the journal, and to give its lease back. */
const lastWritesMs = 1_000;

/** Who asked for the work; a recovery stands in for a client that is no longer there. */
export type Origin = Pick<Context, 'requestId' | 'trace'>;

export interface WorkScopes {
  /**
   * Runs work that goes on when its client leaves, in the name of its user. It ends early when its lease is lost, or when
   * this instance stops.
   */
  run<T>(
    who: ActingFor,
    origin: Origin,
    lease: AbortSignal,
    work: (context: Context) => Promise<T>,
  ): Promise<T>;
  /** Does something that `close` waits for. Throws `unavailable`, with `retryAfterMs`, once this instance is stopping. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Waits up to `limitMs` for what is in hand, then ends it. */
  close(limitMs: number): Promise<void>;
}

/** The work in hand of one instance. */
export function createWorkScopes(clock: Clock): WorkScopes {
  const scopes = new Set<ContextScope>();
  const inHand = new Set<Promise<unknown>>();
  let closing = false;
  const endedWithin = async (limitMs: number) => {
    const { promise: limit, resolve } = Promise.withResolvers<undefined>();
    const stopTimer = clock.after(limitMs, () => {
      resolve(undefined);
    });
    await Promise.race([Promise.allSettled([...inHand]), limit]);
    stopTimer();
  };
  return {
    async run(who, { requestId, trace }, lease, work) {
      const principal = { ...who, roles: [] };
      const timeoutMs = workLimitMs;
      const scope = openContext({ clock, timeoutMs, requestId, trace, principal, idempotencyKey: undefined });
      const lose = () => {
        scope.cancel(new AppError('unavailable', 'Another instance has taken this over.'));
      };
      if (lease.aborted) lose();
      else lease.addEventListener('abort', lose, { once: true });
      scopes.add(scope);
      try {
        return await work(scope.context);
      } finally {
        scope.close();
        scopes.delete(scope);
        lease.removeEventListener('abort', lose);
      }
    },
    async hold(begin) {
      if (closing) throw stopping();
      const work = begin();
      inHand.add(work);
      try {
        return await work;
      } finally {
        inHand.delete(work);
      }
    },
    async close(limitMs) {
      closing = true;
      await endedWithin(limitMs);
      for (const scope of scopes) scope.cancel(stopping());
      await endedWithin(lastWritesMs);
    },
  };
}

/** Waits for work that goes on without the client. `deadline_exceeded` when his time is over before it is finished. */
export async function follow<T>(work: Promise<T>, { signal }: Context): Promise<T> {
  try {
    return await untilEnded(work, signal);
  } catch (thrown) {
    // Whatever becomes of the work is in the journal; nobody waits for it here any more.
    work.catch(() => undefined);
    const outOfTime = signal.aborted && AppError.from(signal.reason).code === 'deadline_exceeded';
    throw outOfTime ? undecided('deadline_exceeded', thrown) : thrown;
  }
}

function stopping(): AppError {
  return new AppError('unavailable', 'This instance is stopping; another one goes on. Try again.', {
    retryAfterMs: askAgainMs,
  });
}
