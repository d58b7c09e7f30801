import type { RateLimitState } from './rate-limiter.ts';

export interface RateLimitHeaders {
  readonly RateLimit: string;
  readonly 'RateLimit-Policy': string;
}

/**
 * The header fields of draft-ietf-httpapi-ratelimit-headers (revision 08 and later): `"user";r=50;t=30` is what is left
 * and for how many seconds, `"user";q=100;w=60` the quota and its window in seconds. Both are
 * structured fields (RFC 9651), whose numbers are whole here: times are rounded up, so that nobody comes too early.
 */
export function rateLimitHeaders(state: RateLimitState): RateLimitHeaders {
  const { policy, remaining, resetMs } = state;
  const seconds = (ms: number) => Math.ceil(ms / 1_000);
  return {
    RateLimit: `"${policy.name}";r=${remaining};t=${seconds(resetMs)}`,
    'RateLimit-Policy': `"${policy.name}";q=${policy.limit};w=${seconds(policy.windowMs)}`,
  };
}
