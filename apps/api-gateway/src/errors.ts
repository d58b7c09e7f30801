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

/** The same failure of a write that an instance may have begun: only its client can find out, and must know that. */
export function perhapsDone({ code, retryAfterMs, cause }: AppError): AppError {
  const options = retryAfterMs === undefined ? { cause } : { cause, retryAfterMs };
  const message =
    'No answer came, and it is not known whether the request was carried out. ' +
    'Look before you send it again; with an idempotency key, sending the same again is safe.';
  return new AppError(code, message, options);
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
