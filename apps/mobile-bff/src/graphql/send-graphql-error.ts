import { bearerChallenge } from '@bff/auth';
import { httpStatusOf } from '@bff/contracts';
import { AppError, type ErrorCode } from '@bff/core';
import { problemOf } from '@bff/server-kit';
import type { ErrorRequestHandler, Response } from 'express';
import { presentError } from '../errors.ts';
import { responseTypeFor } from './response-type.ts';

/** Answers what was refused before GraphQL saw it (no token, too often, unreadable body) as a GraphQL error with its HTTP status. */
export const sendGraphqlError: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  // The deadline has answered already, or the answer broke off: that is the outermost handler's to end.
  if (response.headersSent) {
    next(thrown);
    return;
  }
  const { error, status } = describe(thrown);
  if (error.code === 'internal') {
    next(thrown);
    return;
  }
  if (status === 401) challenge(response, request.headers.authorization !== undefined);
  if (error.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  }
  response.status(status).type(responseTypeFor(request));
  response.send(JSON.stringify({ errors: [presentError(error)] }));
};

/** An AppError as it is; what express and its body parser throw in the words of the workspace's problems. */
function describe(thrown: unknown): { error: AppError; status: number } {
  if (thrown instanceof AppError) return { error: thrown, status: httpStatusOf(thrown.code) };
  const { code, detail, status } = problemOf(thrown);
  return { error: new AppError(code as ErrorCode, detail, { cause: thrown }), status };
}

function challenge(response: Response, wasGiven: boolean): void {
  response.setHeader('WWW-Authenticate', bearerChallenge(wasGiven ? { error: 'invalid_token' } : {}));
}
