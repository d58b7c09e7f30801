import { AppError, systemClock, type Clock } from '@bff/core';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisConnection } from '@bff/state';
import { createInsuredCounter, shareOf, type Counter } from './insured-counter.ts';

export interface RateLimitPolicy {
  /** Names the limit in the `RateLimit` headers, where clients see it: `user`. */
  readonly name: string;
  /** Requests per window: of all instances with Redis, else of this process. */
  readonly limit: number;
  readonly windowMs: number;
}

/** How much of its limit a key has used. */
export interface RateLimitState {
  readonly policy: RateLimitPolicy;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends and the whole limit is there again. */
  readonly resetMs: number;
}

/** `resource_exhausted`, with the state for the headers of the refusal. */
export class RateLimitExceeded extends AppError {
  readonly state: RateLimitState;

  constructor(state: RateLimitState) {
    super('resource_exhausted', 'Too many requests; try again later.', { retryAfterMs: state.resetMs });
    this.state = state;
  }
}

export interface RateLimiterOptions {
  /** See `RateLimitPolicy.name`: letters, digits, `-`, `_`. */
  name: string;
  /** Requests per window and key, over all instances. */
  points: number;
  durationMs: number;
  /** Among how many instances the points are divided while each counts in its own memory. Default 1. */
  instances?: number;
  /** Counts for all instances together; see `connectRedis`. Without it, or while it is away, each counts in its own memory. */
  redis?: RedisConnection | undefined;
  /** For the time between attempts to reach Redis. Default: the system's. */
  clock?: Clock;
}

export interface RateLimiter {
  readonly policy: RateLimitPolicy;
  /** Counts a request (or several) of this key. Rejects with `RateLimitExceeded` when the limit is used up. */
  consume(key: string, points?: number): Promise<RateLimitState>;
}

/**
 * A fixed window per key, counted in Redis or in memory. Throws a RangeError for options that make no sense.
 * A window starts with a key's first request and is forgotten when it ends.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const policy = readPolicy(options);
  const counter = createCounter(options);
  return {
    policy,
    async consume(key, points = 1) {
      try {
        return stateOf(policy, await counter.consume(key, points));
      } catch (rejected) {
        // The library rejects with the state when the limit is used up, and with an Error when its store fails.
        if (rejected instanceof RateLimiterRes) throw new RateLimitExceeded(stateOf(policy, rejected));
        throw AppError.from(rejected);
      }
    },
  };
}

function createCounter(options: RateLimiterOptions): Counter {
  const { name, points, durationMs: windowMs, instances = 1, redis, clock = systemClock } = options;
  const duration = windowMs / 1_000;
  if (redis === undefined) return new RateLimiterMemory({ points: shareOf(points, instances), duration });
  const shared = new RateLimiterRedis({
    storeClient: redis.client,
    keyPrefix: `rate-limit:${name}`,
    points,
    duration,
    // At once, instead of waiting for a connection.
    rejectIfRedisNotReady: true,
  });
  return createInsuredCounter({ shared, clock, points, windowMs, instances });
}

function readPolicy({ name, points, durationMs, instances = 1, redis }: RateLimiterOptions): RateLimitPolicy {
  if (!/^[\w-]+$/.test(name)) throw new RangeError(`"${name}" is not a name for a rate limit.`);
  for (const [option, value] of Object.entries({ points, durationMs, instances })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${option} must be a whole number above 0.`);
  }
  // The library cuts the rest off, and a window of 0 s never ends.
  if (redis && durationMs % 1_000 !== 0) throw new RangeError('durationMs must be whole seconds with Redis.');
  return { name, limit: redis ? points : shareOf(points, instances), windowMs: durationMs };
}

function stateOf(policy: RateLimitPolicy, result: RateLimiterRes): RateLimitState {
  return {
    policy,
    limit: policy.limit,
    remaining: result.remainingPoints,
    resetMs: Math.max(0, Math.ceil(result.msBeforeNext)),
  };
}
