import { AppError } from '@bff/core';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface RateLimitPolicy {
  /** Names the limit in the `RateLimit` headers, where clients see it: `user`. */
  readonly name: string;
  /** Requests per window, in this process. */
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
  /** Among how many instances the points are divided, since each counts in its own memory. Default 1. */
  instances?: number;
}

export interface RateLimiter {
  readonly policy: RateLimitPolicy;
  /** Counts a request (or several) of this key. Rejects with `RateLimitExceeded` when the limit is used up. */
  consume(key: string, points?: number): Promise<RateLimitState>;
}

/**
 * A fixed window per key, counted in memory. Throws a RangeError for options that make no sense.
 * A window starts with a key's first request and is forgotten when it ends.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const policy = readPolicy(options);
  const counter: RateLimiterAbstract = new RateLimiterMemory({
    points: policy.limit,
    duration: policy.windowMs / 1_000,
  });
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

function readPolicy({ name, points, durationMs, instances = 1 }: RateLimiterOptions): RateLimitPolicy {
  if (!/^[\w-]+$/.test(name)) throw new RangeError(`"${name}" is not a name for a rate limit.`);
  for (const [option, value] of Object.entries({ points, durationMs, instances })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${option} must be a whole number above 0.`);
  }
  // With more instances than points each still lets one request through: a limit is no ban.
  return { name, limit: Math.max(1, Math.floor(points / instances)), windowMs: durationMs };
}

function stateOf(policy: RateLimitPolicy, result: RateLimiterRes): RateLimitState {
  return {
    policy,
    limit: policy.limit,
    remaining: result.remainingPoints,
    resetMs: Math.max(0, Math.ceil(result.msBeforeNext)),
  };
}
