import { AppError, deadlineExceeded } from '@bff/core';
import type { RequestHandler } from 'express';

/** No usable answer came from the service: a bad gateway. What really happened is the cause, for the log. */
export function upstreamFailed(cause: unknown, retryAfterMs?: number): AppError {
  const options = retryAfterMs === undefined ? { cause } : { cause, retryAfterMs };
  return new AppError('upstream_failed', 'A service that is needed for the answer failed.', options);
}

/** A service's own failure in the gateway's words: what it wrote about itself is not for clients. */
export function serviceFault(status: number, retryAfterMs: number | undefined): AppError {
  const cause = new Error(`The service answered ${status}.`);
  return status === 504 ? deadlineExceeded(cause) : upstreamFailed(cause, retryAfterMs);
}

/** Refuses a method that the route does not have (405). */
export function allowMethods(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (allowed.includes(request.method)) {
      next();
      return;
    }
    response.setHeader('Allow', allowed.join(', '));
    throw Object.assign(new Error('Method not allowed'), { status: 405, expose: true });
  };
}
