export { rateLimitHeaders, type RateLimitHeaders } from './rate-limit-headers.ts';
export { addressKey, clientKey, networkOf, userKey } from './rate-limit-keys.ts';
export {
  createRateLimiter,
  RateLimitExceeded,
  type RateLimiter,
  type RateLimiterOptions,
  type RateLimitPolicy,
  type RateLimitState,
} from './rate-limiter.ts';
