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
