import type { Authorise } from '@bff/auth';
import type { Request, RequestHandler } from 'express';
import { contextOf, setContext } from './request-context.ts';

/**
 * Refuses who may not use the operation that a request is for; what is behind sees the others as the operation's row has them.
 * Stands behind authentication, in front of everything that costs.
 */
export function authoriseRequest<Operation extends string>(
  authorise: Authorise<Operation>,
  operationOf: (request: Request) => Operation,
): RequestHandler {
  return (request, _response, next) => {
    const context = contextOf(request);
    const { principal } = authorise(operationOf(request), context);
    setContext(request, { ...context, principal });
    next();
  };
}
