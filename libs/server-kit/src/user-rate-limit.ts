import {
  addressKey,
  createRateLimiter,
  rateLimitHeaders,
  RateLimitExceeded,
  userKey,
  type RateLimiter,
} from '@bff/admission';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import type { CallGate } from './grpc/run-call.ts';
import { contextOf } from './http/request-context.ts';
import { count } from './variables.ts';

/** How often one user may call; the same for the gateway and every BFF. */
export const rateLimitVariables = () => ({
  RATE_LIMIT_PER_MINUTE: count(600, 'Requests that one user may make in a minute, over all instances.'),
  RATE_LIMIT_INSTANCES: count(1, 'Among how many instances the rate limit is divided.'),
});

type RateLimitConfiguration = z.output<z.ZodObject<ReturnType<typeof rateLimitVariables>>>;

export function createUserRateLimiter(configuration: RateLimitConfiguration): RateLimiter {
  return createRateLimiter({
    name: 'user',
    points: configuration.RATE_LIMIT_PER_MINUTE,
    durationMs: 60_000,
    instances: configuration.RATE_LIMIT_INSTANCES,
  });
}

/**
 * Counts the request against its user's limit, says in every answer how much is left, and refuses what is over (429).
 * Stands behind authentication: the limit is the user's, and a stranger cannot use it up.
 */
export function limitRequests(limiter: RateLimiter): RequestHandler {
  return async (request, response, next) => {
    try {
      response.set({ ...rateLimitHeaders(await limiter.consume(keyOf(request))) });
    } catch (thrown) {
      if (thrown instanceof RateLimitExceeded) response.set({ ...rateLimitHeaders(thrown.state) });
      throw thrown;
    }
    next();
  };
}

/** The same for gRPC: RESOURCE_EXHAUSTED with RetryInfo. Health passes no gate. */
export function limitCalls(limiter: RateLimiter): CallGate {
  return async (_info, { principal }) => {
    if (principal) await limiter.consume(userKey(principal.subject));
  };
}

function keyOf(request: Request): string {
  const { principal } = contextOf(request);
  return principal ? userKey(principal.subject) : addressKey(request.socket.remoteAddress ?? 'unknown');
}
