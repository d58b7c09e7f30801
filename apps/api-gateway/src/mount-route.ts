import { labelRoute } from '@bff/server-kit';
import type { Express, RequestHandler } from 'express';
import { allowMethods } from './errors.ts';
import type { Route } from './routes.ts';

/** Serves a route's path, and everything below it, by these handlers in turn. */
export function mountRoute(
  app: Express,
  { prefix, methods }: Route,
  handlers: readonly RequestHandler[],
): void {
  const label: RequestHandler = (request, _response, next) => {
    labelRoute(request, `${prefix}/**`);
    next();
  };
  // An expression instead of a path: express would also match other letter cases, and parameters would be decoded.
  const pattern = new RegExp(`^${prefix.replaceAll(/[^\w/]/g, '\\$&')}(?:/.*)?$`);
  app.all(pattern, label, allowMethods(methods), ...handlers);
}
