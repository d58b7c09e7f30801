import { createAuthorise } from '@bff/auth';
import { AppError } from '@bff/core';
import { authoriseRequest, contextOf, labelRoute, setContext } from '@bff/server-kit';
import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { authorisation, openRoutes } from '../authorisation.ts';
import { operations, type OperationId } from '../contract/operations.ts';

/** Where the operations of the API stand. */
export const apiPath = '/v1';

/**
 * Decides every request to the API by the operation that it is for, found as express finds its handler. What is for none goes
 * on as nobody's: it is answered with 404 or 405, and a handler that no row is about can ask no service anything.
 */
export function authoriseOperations(): Router {
  const authorise = createAuthorise<OperationId>(authorisation);
  const router = Router({ caseSensitive: true, strict: true });
  for (const { id, method, path } of operations) {
    const decide = authoriseRequest(authorise, (request) => {
      // What express has of such a path is no template that anybody could read in a log.
      if (path.includes(':')) labelRoute(request, path);
      return id;
    });
    router[method](
      expressPath(path),
      decide,
      (_request: Request, _response: Response, next: NextFunction) => {
        next('router');
      },
    );
  }
  router.use((request, _response, next) => {
    setContext(request, { ...contextOf(request), principal: undefined });
    next();
  });
  return router;
}

/** Lets nothing pass outside the API that is not in the list of what is open to anybody. */
export function refuseUnlisted(): RequestHandler {
  const paths = new Set(openRoutes.map((route) => route.slice(route.indexOf(' ') + 1)));
  // What a slash at the end means is the affair of whoever answers.
  const isOpen = (path: string) => paths.has(path) || paths.has(path.replace(/\/$/, ''));
  return (request, _response, next) => {
    const { path } = request;
    if (`${path}/`.startsWith(`${apiPath}/`) || isOpen(path)) next();
    else throw new AppError('not_found', `There is no ${request.method} ${path} here.`);
  };
}

/** `/v1/orders/{orderId}:cancel` as a router at `/v1` takes it; a colon of the path's own is escaped. */
function expressPath(path: string): string {
  return path
    .slice(apiPath.length)
    .replaceAll(':', '\\:')
    .replaceAll(/\{(\w+)\}/g, ':$1');
}
