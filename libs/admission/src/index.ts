export {
  createConcurrencyLimiter,
  priorities,
  type ConcurrencyLimiter,
  type ConcurrencyLimiterOptions,
  type ConcurrencyState,
  type Permit,
  type PermitOutcome,
  type Priority,
  type PriorityState,
} from './concurrency/concurrency-limiter.ts';
export { defaultConcurrencyTuning, type ConcurrencyTuning } from './concurrency/concurrency-options.ts';
export {
  holdPermit,
  limitConcurrency,
  outcomeOfError,
  type ClosingResponse,
} from './concurrency/limit-concurrency.ts';
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
