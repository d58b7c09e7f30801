import type { Agent, IncomingMessage } from 'node:http';
import { AppError, throwIfEnded } from '@bff/core';
import type { Balancer } from '@bff/load-balancing';
import { contextOf, type ClientIdentity, type ProcessKit } from '@bff/server-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { serviceFault } from '../errors.ts';
import { clientHeaders } from './client-headers.ts';
import { Exchange } from './exchange.ts';
import { upstreamHeaders } from './upstream-headers.ts';

export interface ServiceProxyOptions {
  /** Audience of the internal token, and name in metrics. */
  service: string;
  balancer: Balancer;
  agent: Agent;
  internalToken: ClientIdentity['internalToken'];
  kit: ProcessKit;
}

interface Passage {
  exchange: Exchange;
  fail: (error: AppError) => void;
}

/** Forwards authenticated requests to the instances of one service. Bodies are streamed both ways and never read. */
export function createServiceProxy(options: ServiceProxyOptions): RequestHandler {
  const { service, agent, internalToken } = options;
  const passages = new WeakMap<IncomingMessage, Passage>();
  const passageOf = (request: IncomingMessage) => {
    const passage = passages.get(request);
    if (!passage) throw new Error('Only requests with a lease are forwarded.');
    return passage;
  };
  const forward = createProxyMiddleware<Request, Response>({
    router: (request) => passageOf(request).exchange.lease.endpoint.url,
    agent,
    changeOrigin: true,
    // The answer's head is decided here; the library would copy it as it is.
    selfHandleResponse: true,
    on: {
      proxyReq: (upstream, request) => {
        passageOf(request).exchange.sendOver(upstream);
      },
      proxyRes: (answer, request, response) => {
        relay(answer, response, passageOf(request));
      },
      error: (error, request) => {
        passageOf(request).exchange.broke(error);
      },
    },
  });
  return async (request, response, next) => {
    const context = contextOf(request);
    if (!context.principal) throw new AppError('unauthenticated', 'An access token is required.');
    const token = await internalToken(context.principal, service);
    throwIfEnded(context);
    // The library copies these headers; there is no later point at which all of them can still be changed.
    request.headers = upstreamHeaders(request.headers, context, token);
    passages.set(request, openPassage(request, next, options));
    await forward(request, response, next);
  };
}

function openPassage(
  request: Request,
  fail: (error: AppError) => void,
  { kit, service, balancer }: ServiceProxyOptions,
): Passage {
  const lease = balancer.acquire();
  const exchange = new Exchange({
    lease,
    context: contextOf(request),
    clock: kit.clock,
    fail,
    onEnd(outcome, durationMs) {
      const endpoint = lease.endpoint.id;
      kit.metrics.upstreamAttempt({
        upstream: service,
        endpoint,
        operation: request.method,
        outcome,
        durationMs,
      });
    },
  });
  return { exchange, fail };
}

/** Passes the answer on, be it with the client's own error; a failure of the service becomes the gateway's. */
function relay(answer: IncomingMessage, response: Response, { exchange, fail }: Passage): void {
  const { statusCode: status = 502, headers } = answer;
  const retryAfterMs = readSeconds(headers['retry-after']);
  const complete = exchange.answered(status, retryAfterMs);
  // 401 means that the service does not accept the gateway's token, which is no affair of the client's.
  if (status >= 500 || status === 401) {
    complete();
    answer.resume();
    fail(serviceFault(status, retryAfterMs));
    return;
  }
  answer.once('end', complete);
  answer.once('error', (error) => {
    exchange.broke(error);
  });
  response.writeHead(status, clientHeaders(headers, exchange.lease.endpoint.url));
  answer.pipe(response);
}

function readSeconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : undefined;
}
