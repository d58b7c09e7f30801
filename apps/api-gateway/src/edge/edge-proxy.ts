import { throwIfEnded, type Context } from '@bff/core';
import { clientAddressOf, contextOf } from '@bff/server-kit';
import type { RequestHandler } from 'express';
import type { ForwardingParts } from '../proxy/forwarding-parts.ts';
import type { Forward } from '../proxy/forwarder.ts';
import { edgeHeaders } from './edge-headers.ts';
import { readReplayable, type ReplayOptions } from './replayable-body.ts';

export interface EdgeProxyOptions extends ForwardingParts {
  readonly forward: Forward;
  readonly replay: ReplayOptions;
}

/** Forwards requests to the instances of one BFF, credentials untouched: who is asking is the BFF's to verify. */
export function createEdgeProxy(options: EdgeProxyOptions): RequestHandler {
  const { forward, endpoints, replay } = options;
  return async (request, response, next) => {
    // A client's word that it is a retry is worth nothing here: this is the first tier.
    const context: Context = { ...contextOf(request), retried: false };
    await endpoints.discovered(context);
    // The library is given the headers of each attempt in the request; these are the client's.
    const { headers } = request;
    const client = { address: clientAddressOf(request), isEncrypted: false };
    const { body, isRead } = await readReplayable(request, replay);
    throwIfEnded(context);
    forward(
      {
        ...options,
        request,
        response,
        context,
        headers: () => edgeHeaders(headers, client, context),
        isRead,
        body,
        isStream: headers.accept?.includes('text/event-stream') === true,
      },
      next,
    );
  };
}
