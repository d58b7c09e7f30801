import {
  decideRetry,
  delayOfRetryMs,
  payForRetry,
  type FailedAttempt,
  type RetryBudget,
  type RetryPolicy,
} from '@bff/load-balancing';
import type { FurtherAttemptEvent } from './upstream-event.ts';

/** What all calls of an upstream share for their further attempts. */
export interface FurtherAttempts {
  readonly policy: RetryPolicy;
  /** One per upstream, shared by retries and hedges. */
  readonly budget: RetryBudget;
  /** In [0, 1). */
  readonly random: () => number;
  /** Whether there is an instance in use that is not among these. */
  readonly hasUntried: (tried: ReadonlySet<string>) => boolean;
  /** See `ManagedBalancer.failsOver`. */
  readonly failsOver: (tried: ReadonlySet<string>) => boolean;
  readonly onEvent: (event: FurtherAttemptEvent) => void;
}

export interface FailedCall extends FailedAttempt {
  /** Named in events. */
  readonly operation: string;
  readonly tried: ReadonlySet<string>;
  /** Where there is no other instance, the same one may be asked again: it was the connection that failed. */
  readonly mayStay: boolean;
}

type Denial = Extract<FurtherAttemptEvent, { kind: 'retry_denied' }>;

/** Milliseconds until the next attempt, which the budget has paid for; undefined when there is to be none. */
export function planRetry(failed: FailedCall, options: FurtherAttempts): number | undefined {
  const { operation, failure } = failed;
  const plan = plannedDelay(failed, options);
  if (typeof plan === 'number') options.onEvent({ kind: 'retry', operation, because: failure });
  else options.onEvent({ kind: 'retry_denied', operation, because: plan });
  return typeof plan === 'number' ? plan : undefined;
}

/** Milliseconds, or why not. */
function plannedDelay(failed: FailedCall, options: FurtherAttempts): number | Denial['because'] {
  const { policy, budget, random, hasUntried, failsOver } = options;
  const { tried, mayStay, remainingMs } = failed;
  const decision = decideRetry(failed, policy);
  if (!decision.retry) return decision.because;
  const elsewhere = hasUntried(tried);
  if (!elsewhere && !mayStay) return 'no_other_instance';
  const { backoff } = decision;
  const delayMs = delayOfRetryMs({ ...failed, backoff, elsewhere }, random, policy);
  if (delayMs >= remainingMs) return 'deadline';
  const payment = payForRetry(failed, budget, failsOver);
  if (payment === 'refused') return 'budget';
  // The others are well, so there is nothing to wait for.
  return payment === 'failover' ? 0 : delayMs;
}
