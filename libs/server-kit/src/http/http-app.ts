import { AppError, type Principal } from '@bff/core';
import express, { type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { ProcessKit } from '../process-kit.ts';
import { allowOrigins } from './allow-origins.ts';
import { takeClaims } from './claimed-headers.ts';
import { faultOfRequest, requestChecks, type RequestCheck } from './guard-request.ts';
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts';
import { HttpRefusal } from './http-refusal.ts';
import { awaitsBody, limitBody } from './limit-body.ts';
import { noteRefusal, recordRequest } from './record-request.ts';
import { contextOf, openRequestScope, setContext } from './request-context.ts';
import { createErrorHandler, sendError } from './send-error.ts';

export interface HttpAppOptions {
  kit: ProcessKit;
  /** Longest time that one request may take, in milliseconds. */
  requestTimeoutMs: number;
  /** Adds the app's own middleware and routes. */
  mount: (app: Express) => void;
  /** What is taken from the outside. Default `defaultHttpLimits`. */
  limits?: HttpLimits;
  /** What every request is looked at for. Default `requestChecks`, all of them. */
  checks?: Readonly<Record<string, RequestCheck>>;
}

/**
 * An express app with what every HTTP server here does, in this order: safe response headers (every answer has them) →
 * request id, trace and deadline, access log and metrics (they must see refusals too) → refusal of what two servers could read
 * in two ways (before anything of it is believed) → origins → the app's own routes → 404 → errors as RFC 9457 problems.
 */
export function createHttpApp(options: HttpAppOptions): Express {
  const { kit, mount, limits = defaultHttpLimits } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('query parser', 'simple');
  app.use(helmet());
  app.use(beginRequest(options, limits));
  app.use(allowOrigins(limits.allowedOrigins));
  mount(app);
  app.use((request) => {
    throw new AppError('not_found', `There is no ${request.method} ${request.path} here.`);
  });
  app.use(createErrorHandler(kit));
  return app;
}

function beginRequest(options: HttpAppOptions, limits: HttpLimits): RequestHandler {
  const { kit, requestTimeoutMs, checks = requestChecks } = options;
  return (request, response, next) => {
    const startedAt = kit.clock.now();
    response.once('close', () => {
      recordRequest(kit, request, response, kit.clock.now() - startedAt);
    });
    takeClaims(request, limits.trustProxy);
    const scope = openRequestScope(request, response, kit, requestTimeoutMs);
    const { signal, requestId } = scope.context;
    response.setHeader('X-Request-Id', requestId);
    // A handler that hangs cannot hold the answer past the deadline.
    signal.addEventListener('abort', () => {
      if (!response.headersSent && !response.destroyed)
        sendError(kit, lateBody(request, signal.reason) ?? signal.reason, request, response);
    });
    // Nothing that is refused here has been looked up, authenticated or read.
    const refusal =
      faultOfRequest(request, limits, checks) ??
      limitBody(request, limits.maxBodyBytes, (tooLarge) => {
        noteRefusal(request, tooLarge.message);
        sendError(kit, tooLarge, request, response);
        scope.cancel(new AppError('cancelled', tooLarge.message));
      });
    if (refusal) {
      noteRefusal(request, refusal.message);
      if (refusal.closes) response.setHeader('Connection', 'close');
      throw refusal;
    }
    next();
  };
}

/** A deadline that passed while the client was still sending is his, not ours: 408 instead of 504. */
function lateBody(request: Request, reason: unknown): HttpRefusal | undefined {
  const late = reason instanceof AppError && reason.code === 'deadline_exceeded' && awaitsBody(request);
  if (!late) return undefined;
  const refusal = new HttpRefusal(408, 'The request did not arrive in time.');
  noteRefusal(request, refusal.message);
  request.res?.setHeader('Connection', 'close');
  return refusal;
}

/** Refuses a request without a valid credential; puts the principal into the context of the others. */
export function authenticate(verify: (request: Request) => Promise<Principal>): RequestHandler {
  return async (request, _response, next) => {
    const principal = await verify(request);
    setContext(request, { ...contextOf(request), principal });
    next();
  };
}
