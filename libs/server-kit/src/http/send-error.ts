import { bearerChallenge, InsufficientScope } from '@bff/auth';
import { AppError } from '@bff/core';
import type { Application, ErrorRequestHandler, Request, Response } from 'express';
import type { ProcessKit } from '../process-kit.ts';
import { problemOf, type Problem } from './problem.ts';

/** How an error is said in a protocol of the app's own; undefined where it is a problem (RFC 9457) after all. */
export type PresentError = (
  thrown: unknown,
  problem: Problem,
  request: Request,
) => { type: string; body: object } | undefined;

const presenters = new WeakMap<Application, PresentError>();

/**
 * Has the app's errors said in another shape than that of a problem: all of them, also those that come before its routes and
 * at the deadline. Status and headers stay.
 */
export function presentErrors(app: Application, present: PresentError): void {
  presenters.set(app, present);
}

/** The last handler of an app: whatever was thrown becomes a problem. */
export function createErrorHandler(kit: ProcessKit): ErrorRequestHandler {
  // express tells error handlers by their four parameters.
  return (thrown: unknown, request, response, _next) => {
    sendError(kit, thrown, request, response);
  };
}

export function sendError(kit: ProcessKit, thrown: unknown, request: Request, response: Response): void {
  const requestId = response.getHeader('X-Request-Id');
  const problem = problemOf(thrown, typeof requestId === 'string' ? requestId : undefined);
  if (problem.status >= 500)
    kit.logger.warn({ requestId, code: problem.code, err: thrown as Error }, 'request failed');
  if (response.headersSent) {
    // The deadline has answered already, or the answer broke off half-way: then the client must see that.
    if (!response.writableEnded) response.destroy();
    return;
  }
  setProblemHeaders(thrown, problem.status, request, response);
  const own = presenters.get(request.app)?.(thrown, problem, request);
  response.status(problem.status).type(own?.type ?? 'application/problem+json');
  response.send(JSON.stringify(own?.body ?? problem));
}

function setProblemHeaders(thrown: unknown, status: number, request: Request, response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  // The services behind were asked as often as makes sense: whoever is in front must not ask here again.
  if (thrown instanceof AppError && thrown.code === 'upstream_failed') {
    response.setHeader('X-Request-Settled', '1');
  }
  if (status === 401) {
    const given = request.headers.authorization !== undefined;
    response.setHeader('WWW-Authenticate', bearerChallenge(given ? { error: 'invalid_token' } : {}));
  }
  if (thrown instanceof InsufficientScope) {
    const { scope } = thrown;
    response.setHeader('WWW-Authenticate', bearerChallenge({ error: 'insufficient_scope', scope }));
  }
  if (thrown instanceof AppError && thrown.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(thrown.retryAfterMs / 1000))));
  }
}
