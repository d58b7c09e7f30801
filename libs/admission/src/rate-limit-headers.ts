import type { RateLimitState } from './rate-limiter.ts';

export interface RateLimitHeaders {
  readonly RateLimit: string;
  readonly 'RateLimit-Policy': string;
}

/**
 * For one limit or several, the first of which is the one that a client meets first. The header fields of draft-ietf-httpapi-ratelimit-headers (revision 08 and later): `"user";r=50;t=30` is what is left
 * and for how many seconds, `"user";q=100;w=60` the quota and its window in seconds. Both are
 * structured fields (RFC 9651), whose numbers are whole here: times are rounded up, so that nobody comes too early.
 */
export function rateLimitHeaders(...states: readonly RateLimitState[]): RateLimitHeaders {
  const seconds = (ms: number) => Math.ceil(ms / 1_000);
  const left = states.map(
    ({ policy, remaining, resetMs }) => `"${policy.name}";r=${remaining};t=${seconds(resetMs)}`,
  );
  const quotas = states.map(
    ({ policy }) => `"${policy.name}";q=${policy.limit};w=${seconds(policy.windowMs)}`,
  );
  return { RateLimit: left.join(', '), 'RateLimit-Policy': quotas.join(', ') };
}
