import type { Clock } from '@bff/core';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

/** Counts requests per key; rejects with a `RateLimiterRes` when the limit is used up, as the library's own limiters do. */
export interface Counter {
  consume(key: string, points: number): Promise<RateLimiterRes>;
}

export interface InsuredCounterOptions {
  /** Counts for all instances. Rejects with an Error when it cannot. */
  shared: Pick<RateLimiterAbstract, 'consume'>;
  clock: Clock;
  /** Over all instances. */
  points: number;
  windowMs: number;
  /** Among how many instances what is left is divided while each counts alone. */
  instances: number;
  /** For how long the shared counter is not asked again after it has failed, in milliseconds. Default 1 000. */
  pauseMs?: number;
}

/**
 * The shared counter, and memory as insurance. The library's own insurance starts from nothing, so that a user has a whole second limit
 * when Redis dies, and a third when it comes back empty. Hence here:
 * - what the shared counter last said of a key is remembered, and each instance goes on with its part of what was left then;
 * - a key that was counted in memory stays there until its window ends;
 * - a shared counter that has forgotten what it said is not believed for that window.
 */
export function createInsuredCounter(options: InsuredCounterOptions): Counter {
  const { shared, clock, windowMs, instances, pauseMs = 1_000 } = options;
  const share = shareOf(options.points, instances);
  const local = new RateLimiterMemory({ points: share, duration: windowMs / 1_000 });
  /** Until when a key is counted here; in the order of entry, which is nearly the order of expiry. */
  const alone = new Map<string, number>();
  let askAgainAt = clock.now();

  async function countAlone(key: string, points: number): Promise<RateLimiterRes> {
    const now = clock.now();
    for (const [other, until] of alone) {
      if (until > now) break;
      alone.delete(other);
    }
    const result = await outcomeOf(local.consume(key, points));
    alone.set(key, now + result.msBeforeNext);
    return settle(result, share);
  }

  return {
    async consume(key, points) {
      const now = clock.now();
      if (now < askAgainAt || now < (alone.get(key) ?? 0)) return countAlone(key, points);
      alone.delete(key);
      let result;
      try {
        result = await outcomeOf(shared.consume(key, points));
      } catch {
        askAgainAt = clock.now() + pauseMs;
        return countAlone(key, points);
      }
      const used = share - Math.min(share, Math.floor(result.remainingPoints / instances));
      const known = await local.get(key);
      if (known !== null && known.consumedPoints > used) return countAlone(key, points);
      await local.set(key, used, Math.max(1, result.msBeforeNext) / 1_000);
      return settle(result, options.points);
    },
  };
}

/** What one of several instances may let through; with more instances than points each still lets one through: a limit is no ban. */
export function shareOf(points: number, instances: number): number {
  return Math.max(1, Math.floor(points / instances));
}

/** The library resolves and rejects with the same class; only an Error means that it could not count. */
async function outcomeOf(consumed: Promise<RateLimiterRes>): Promise<RateLimiterRes> {
  try {
    return await consumed;
  } catch (rejected) {
    if (rejected instanceof RateLimiterRes) return rejected;
    throw rejected;
  }
}

function settle(result: RateLimiterRes, limit: number): RateLimiterRes {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the library's protocol: no Error means that the limit is used up
  if (result.consumedPoints > limit) throw result;
  return result;
}
