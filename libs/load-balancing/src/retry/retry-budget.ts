import type { Clock } from '@bff/core';
import { defaultPolicy, type RetryPolicy } from '../policy.ts';
import { SlidingCount } from './sliding-count.ts';

/** How many more attempts than calls an upstream may get. One per upstream, shared by retries and hedges. */
export interface RetryBudget {
  /** Counts a call, once, whatever number of attempts it takes. Not for calls that the tier in front marked as retried. */
  recordCall(): void;
  /** Takes one further attempt out of the budget; false when there is none left. */
  tryTake(): boolean;
  /** Takes one even if there is none left, so that others wait until it is earned: for failovers, which must not fail. */
  take(): void;
  /** Further attempts left; never negative. */
  remaining(): number;
}

export interface RetryBudgetOptions {
  readonly clock: Clock;
  readonly policy?: Pick<RetryPolicy, 'budgetShare' | 'budgetPerSecond'>;
}

const windowSeconds = 10;

/**
 * In any ten seconds: a share of the calls, and at least so many per second that an upstream with little traffic can
 * retry at all. The larger of both and not the sum (finagle's), since with the sum a total outage costs more than
 * the share, at every rate.
 */
export function createRetryBudget({ clock, policy = defaultPolicy.retry }: RetryBudgetOptions): RetryBudget {
  const calls = new SlidingCount(windowSeconds);
  const taken = new SlidingCount(windowSeconds);
  const remaining = () => {
    const now = clock.now();
    const allowed = Math.max(policy.budgetShare * calls.at(now), policy.budgetPerSecond * windowSeconds);
    return Math.max(0, Math.floor(allowed - taken.at(now)));
  };
  return {
    recordCall: () => calls.add(clock.now()),
    tryTake() {
      if (remaining() < 1) return false;
      taken.add(clock.now());
      return true;
    },
    take: () => taken.add(clock.now()),
    remaining,
  };
}
