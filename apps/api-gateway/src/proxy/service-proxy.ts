import type { Agent, IncomingMessage } from 'node:http';
import { AppError, throwIfEnded } from '@bff/core';
import { contextOf, type ClientIdentity } from '@bff/server-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { ForwardedRequest, type ForwardingParts } from './forwarded-request.ts';

export interface ServiceProxyOptions extends ForwardingParts {
  agent: Agent;
  internalToken: ClientIdentity['internalToken'];
}

/** Forwards authenticated requests to the instances of one service. Bodies are streamed both ways and never read. */
export function createServiceProxy(options: ServiceProxyOptions): RequestHandler {
  const { service, agent, internalToken } = options;
  const forwarded = new WeakMap<IncomingMessage, ForwardedRequest>();
  const forwardedOf = (request: IncomingMessage) => {
    const found = forwarded.get(request);
    if (!found) throw new Error('Only requests with a lease are forwarded.');
    return found;
  };
  const forward = createProxyMiddleware<Request, Response>({
    router: (request) => forwardedOf(request).exchange.lease.endpoint.url,
    agent,
    changeOrigin: true,
    // The answer's head is decided here; the library would copy it as it is.
    selfHandleResponse: true,
    on: {
      proxyReq: (upstream, request) => {
        forwardedOf(request).sendOver(upstream);
      },
      proxyRes: (answer, request) => {
        forwardedOf(request).answer(answer);
      },
      // Which attempt an error is of, the library does not say. Those that have a connection are listened to one by
      // one; what is left are errors before that, and a reset is none of them but an attempt that was given up.
      error: (error: NodeJS.ErrnoException, request) => {
        if (error.code !== 'ECONNRESET') forwardedOf(request).exchange.notSent(error);
      },
    },
  });
  return async (request, response, next) => {
    const context = contextOf(request);
    if (!context.principal) throw new AppError('unauthenticated', 'An access token is required.');
    const token = await internalToken(context.principal, service);
    await options.endpoints.discovered(context);
    throwIfEnded(context);
    const send = () => void forward(request, response, next);
    const exchange = new ForwardedRequest({
      ...options,
      request,
      response,
      context,
      token,
      send,
      fail: next,
    });
    forwarded.set(request, exchange);
    exchange.attempt();
  };
}
