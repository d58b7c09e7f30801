import { bearerChallenge } from '@bff/auth';
import { httpStatusOf } from '@bff/contracts';
import { AppError } from '@bff/core';
import { problemOf } from '@bff/server-kit';
import type { ErrorRequestHandler, Response } from 'express';
import type { GraphQLFormattedError } from 'graphql';
import { presentError } from '../errors.ts';
import { responseTypeFor } from './response-type.ts';

/** Answers what was refused before GraphQL saw it (no token, too often, unreadable body) as a GraphQL error with its HTTP status. */
export const sendGraphqlError: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  // The deadline has answered already, or the answer broke off: that is the outermost handler's to end.
  if (response.headersSent) {
    next(thrown);
    return;
  }
  const refusal = describe(thrown);
  if (refusal.status === 500) {
    next(thrown);
    return;
  }
  setHeaders(response, refusal, thrown, request.headers.authorization !== undefined);
  response.status(refusal.status).type(responseTypeFor(request));
  response.send(JSON.stringify({ errors: [refusal.error] }));
};

interface Refusal {
  status: number;
  error: GraphQLFormattedError;
}

function describe(thrown: unknown): Refusal {
  if (thrown instanceof AppError) return { error: presentError(thrown), status: httpStatusOf(thrown.code) };
  // What express and its body parser throw, in the words of the workspace's problems.
  const { detail: message, status } = problemOf(thrown);
  return { error: { message, extensions: { code: 'BAD_REQUEST' } }, status };
}

function setHeaders(response: Response, { status }: Refusal, thrown: unknown, tokenWasGiven: boolean): void {
  if (status === 401) {
    response.setHeader('WWW-Authenticate', bearerChallenge(tokenWasGiven ? { error: 'invalid_token' } : {}));
  }
  if (thrown instanceof AppError && thrown.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(thrown.retryAfterMs / 1000))));
  }
}
