import { addressKey, rateLimitHeaders, RateLimitExceeded, userKey, type RateLimiter } from '@bff/admission';
import { contextOf } from '@bff/server-kit';
import type { Request, RequestHandler } from 'express';

/** Counts the request against its user's limit, says in every answer how much is left, and refuses what is over (429). */
export function limitRate(limiter: RateLimiter): RequestHandler {
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

function keyOf(request: Request): string {
  const { principal } = contextOf(request);
  return principal ? userKey(principal.subject) : addressKey(request.socket.remoteAddress ?? 'unknown');
}
