import type { OrderWatch } from '@bff/aggregation';
import type { Context } from '@bff/core';
import {
  readHttpLimits,
  type Admission,
  type ClientIdentity,
  type OnUpgrade,
  type ProcessKit,
} from '@bff/server-kit';
import type { RequestHandler } from 'express';
import type { Configuration } from '../config.ts';
import type { Documents } from '../documents/open-documents.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';
import { graphqlPath } from '../graphql/paths.ts';
import { createLiveClients } from './live-clients.ts';
import { authenticateLive } from './live-context.ts';
import { prepareSubscription } from './open-subscription.ts';
import { serveEventStream } from './serve-event-stream.ts';
import { serveWebsockets } from './serve-websockets.ts';

export interface OpenLiveOptions {
  configuration: Configuration;
  kit: ProcessKit;
  identity: ClientIdentity;
  admission: Admission;
  documents: Documents;
  orderWatch: OrderWatch;
  createContext(context: Context): GraphqlContext;
}

/** Subscriptions over both transports. */
export interface Live {
  readonly onUpgrade: OnUpgrade;
  readonly eventStreams: RequestHandler;
  /** For `/info`. */
  state(): Record<string, number>;
  close(): void;
}

/** Opens what serves subscriptions. When the process drains, clients are told to go on elsewhere and updates end. */
export function openLive(options: OpenLiveOptions): Live {
  const { configuration, kit, identity, documents, orderWatch } = options;
  const clients = createLiveClients({ maxPerUser: configuration.LIVE_MAX_PER_USER });
  const http = readHttpLimits(configuration);
  const common = {
    ...options,
    clients,
    authenticate: authenticateLive(identity, kit.clock),
    prepare: prepareSubscription(documents),
    limits: {
      pingMs: configuration.LIVE_PING_MS,
      maxSubscriptions: configuration.LIVE_MAX_SUBSCRIPTIONS,
    },
  };
  const websockets = serveWebsockets({
    ...common,
    path: graphqlPath,
    allowedOrigins: http.allowedOrigins,
    maxMessageBytes: http.maxBodyBytes,
  });
  kit.drain.addEventListener('abort', () => {
    clients.moveOn();
    orderWatch.close();
  });
  return {
    onUpgrade: websockets.onUpgrade,
    eventStreams: serveEventStream(common),
    state: () => ({ clients: clients.size, ...orderWatch.state() }),
    close() {
      websockets.close();
      orderWatch.close();
    },
  };
}
