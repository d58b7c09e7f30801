import { AppError, throwIfEnded } from '@bff/core';
import { contextOf, type ClientIdentity } from '@bff/server-kit';
import type { Request, RequestHandler } from 'express';
import type { ForwardingParts } from './forwarding-parts.ts';
import type { Forward } from './forwarder.ts';
import { upstreamHeaders } from './upstream-headers.ts';

export interface ServiceProxyOptions extends ForwardingParts {
  forward: Forward;
  internalToken: ClientIdentity['internalToken'];
}

/** Forwards authenticated requests to the instances of one service. Bodies are streamed both ways and never read. */
export function createServiceProxy(options: ServiceProxyOptions): RequestHandler {
  const { service, forward, internalToken } = options;
  return async (request, response, next) => {
    const context = contextOf(request);
    if (!context.principal) throw new AppError('unauthenticated', 'An access token is required.');
    const token = await internalToken(context.principal, service);
    await options.endpoints.discovered(context);
    throwIfEnded(context);
    // The library is given the headers of each attempt in the request; these are the client's.
    const given = request.headers;
    forward(
      {
        ...options,
        request,
        response,
        context,
        headers: () => upstreamHeaders(given, context, token),
        isRead: isRead(request),
      },
      next,
    );
  };
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
