import type { Agent, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AppError } from '@bff/core';
import type { NextFunction, Request, Response } from 'express';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import { ForwardedRequest } from './forwarded-request.ts';
import type { ForwardedRequestOptions } from './forwarding-parts.ts';

/** Sends one request to instances until one has answered, or none may be asked any more. */
export type Forward = (options: Omit<ForwardedRequestOptions, 'send' | 'fail'>, next: NextFunction) => void;

export interface ForwarderOptions {
  agent: Agent;
  /** Whether the instance sees its own address as `Host`, or the one that the client asked for. */
  changeOrigin: boolean;
}

/** `http-proxy-middleware`, made to send each attempt of a request to the instance that its lease is for. */
export function createForwarder({ agent, changeOrigin }: ForwarderOptions): Forward {
  const forwarded = new WeakMap<IncomingMessage, ForwardedRequest>();
  const forwardedOf = (request: IncomingMessage) => {
    const found = forwarded.get(request);
    if (!found) throw new Error('Only requests with a lease are forwarded.');
    return found;
  };
  const middleware: RequestHandler<Request, Response> = createProxyMiddleware<Request, Response>({
    router: (request, _response, options) => {
      const { body, exchange } = forwardedOf(request);
      // The options are this attempt's own; the library sends `buffer` in place of the request's stream.
      if (body !== undefined) options.buffer = Readable.from([body]);
      return exchange.lease.endpoint.url;
    },
    agent,
    changeOrigin,
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
  return (options, next) => {
    const { request, response } = options;
    const send = () => void middleware(request, response, next);
    const fail = (error: AppError) => next(error);
    const whole = new ForwardedRequest({ ...options, send, fail });
    forwarded.set(request, whole);
    whole.attempt();
  };
}
