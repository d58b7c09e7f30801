import type { FailureKind } from '../outcome.ts';
import { defaultPolicy, type RetryPolicy } from '../policy.ts';

/**
 * Milliseconds before retry number `retry` (1, 2, …): anything between 0 and a bound that doubles ("full jitter":
 * callers that failed together do not come back together).
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(
  retry: number,
  random: () => number,
  policy: Pick<RetryPolicy, 'baseDelayMs' | 'maxDelayMs'> = defaultPolicy.retry,
): number {
  return random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (retry - 1));
}

/** While nobody accepts connections: long enough for a process that restarts to make progress, short for a user. */
const minRefusedDelayMs = 25;
const maxRefusedDelayMs = 100;

export interface PlannedRetry {
  readonly failure: FailureKind;
  /** Attempts made. */
  readonly attempts: number;
  readonly backoff: 'none' | 'jittered';
  /** There is an instance that the call has not tried, and that may work. */
  readonly elsewhere: boolean;
}

/** Milliseconds before a retry that `decideRetry` allows. */
export function delayOfRetryMs(
  { failure, attempts, backoff, elsewhere }: PlannedRetry,
  random: () => number,
  policy?: Pick<RetryPolicy, 'baseDelayMs' | 'maxDelayMs'>,
): number {
  // Without waiting only at an instance that has not failed yet: the same one is as dead as it was a moment ago.
  if (backoff === 'none' && elsewhere) return 0;
  if (failure === 'refused') return minRefusedDelayMs + random() * (maxRefusedDelayMs - minRefusedDelayMs);
  return retryDelayMs(attempts, random, policy);
}
