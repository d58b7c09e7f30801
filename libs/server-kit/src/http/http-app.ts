import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { AppError, type Principal } from '@bff/core';
import { bearerChallenge } from '@bff/auth';
import { logFields } from '@bff/observability';
import type { ProcessKit } from '../process-kit.ts';
import { problemOf } from './problem.ts';
import { contextOf, openRequestScope, setContext } from './request-context.ts';

export interface HttpAppOptions {
  kit: ProcessKit;
  /** Longest time that one request may take, in milliseconds. */
  requestTimeoutMs: number;
  /** Adds the app's own middleware and routes. */
  mount: (app: Express) => void;
}

/**
 * An express app with what every HTTP server here does, in this order: request id, trace and deadline (all that
 * follows needs them) → access log and metrics (they must see refusals too) → the app's own routes → 404 → errors
 * as RFC 9457 problems.
 */
export function createHttpApp({ kit, requestTimeoutMs, mount }: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('query parser', 'simple');
  app.use(beginRequest(kit, requestTimeoutMs));
  mount(app);
  app.use((request) => {
    throw new AppError('not_found', `There is no ${request.method} ${request.path} here.`);
  });
  app.use(createErrorHandler(kit));
  return app;
}

function beginRequest(kit: ProcessKit, requestTimeoutMs: number): RequestHandler {
  return (request, response, next) => {
    const startedAt = kit.clock.now();
    response.once('close', () => {
      recordRequest(kit, request, response, kit.clock.now() - startedAt);
    });
    const { context } = openRequestScope(request, response, kit, requestTimeoutMs);
    response.setHeader('X-Request-Id', context.requestId);
    // A handler that hangs cannot hold the answer past the deadline.
    context.signal.addEventListener('abort', () => {
      if (!response.headersSent && !response.destroyed)
        sendError(kit, context.signal.reason, request, response);
    });
    // RFC 9112, 3.2: Node keeps the first of them, another server behind or in front may keep the second.
    if ((request.headersDistinct.host?.length ?? 0) > 1)
      throw new AppError('invalid_argument', 'The Host header must be given once.');
    next();
  };
}

const routeLabels = new WeakMap<Request, string>();

/** Names the route of a request whose express path is not a readable template; for logs and metrics. */
export function labelRoute(request: Request, template: string): void {
  routeLabels.set(request, template);
}

function routeOf(request: Request): string {
  // express types `route` as any; it is absent when nothing matched.
  const route = request.route as { path?: unknown } | undefined;
  const path = typeof route?.path === 'string' ? `${request.baseUrl}${route.path}` : 'unmatched';
  return routeLabels.get(request) ?? path;
}

function recordRequest(kit: ProcessKit, request: Request, response: Response, durationMs: number): void {
  const route = routeOf(request);
  const status = response.writableFinished ? response.statusCode : 499;
  kit.metrics.httpRequest({ route, method: request.method, status: String(status), durationMs });
  const fields = routeContext(request);
  kit.logger.info(
    { ...fields, method: request.method, route, status, durationMs: Math.round(durationMs) },
    'request',
  );
}

function routeContext(request: Request) {
  try {
    return logFields(contextOf(request));
  } catch {
    // Refused before it had a context.
    return {};
  }
}

/** Refuses a request without a valid credential; puts the principal into the context of the others. */
export function authenticate(verify: (request: Request) => Promise<Principal>): RequestHandler {
  return async (request, _response, next) => {
    const principal = await verify(request);
    setContext(request, { ...contextOf(request), principal });
    next();
  };
}

function createErrorHandler(kit: ProcessKit): ErrorRequestHandler {
  // express tells error handlers by their four parameters.
  return (thrown: unknown, request, response, _next) => {
    sendError(kit, thrown, request, response);
  };
}

function sendError(kit: ProcessKit, thrown: unknown, request: Request, response: Response): void {
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
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
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
  if (thrown instanceof AppError && thrown.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(thrown.retryAfterMs / 1000))));
  }
}
