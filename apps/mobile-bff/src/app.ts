import {
  coalesceReads,
  createCheckout,
  createCoalescer,
  createOrderWatch,
  getOrderOverview,
  listOrderOverviews,
  readCheckoutOptions,
} from '@bff/aggregation';
import type { Context } from '@bff/core';
import {
  createAdmission,
  createClientIdentity,
  createSourceReport,
  openState,
  readHttpLimits,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import type { Configuration } from './config.ts';
import { createDocumentPolicy } from './documents/document-policy.ts';
import { createQueryCache } from './documents/query-cache.ts';
import { createGraphqlServer } from './graphql/create-graphql-server.ts';
import type { GraphqlContext } from './graphql/graphql-context.ts';
import { mountGraphql } from './graphql/mount-graphql.ts';
import { graphqlPath } from './graphql/paths.ts';
import { serveIde } from './graphql/serve-ide.ts';
import { answerQueries } from './graphql/answer-queries.ts';
import { authenticateLive } from './live/live-context.ts';
import { createLiveClients } from './live/live-clients.ts';
import { prepareSubscription } from './live/open-subscription.ts';
import { serveEventStream } from './live/serve-event-stream.ts';
import { serveWebsockets } from './live/serve-websockets.ts';
import { openServices } from './open-services.ts';
import { getOrdersById } from './orders/get-orders-by-id.ts';
import { createResolvers } from './resolvers/create-resolvers.ts';
import { createOrderLoader } from './resolvers/order-loader.ts';
import { createSchema } from './schema/create-schema.ts';

/** The composition root: everything mobile-bff consists of, wired by plain arguments. */
export async function startMobileBff(configuration: Configuration, kit: ProcessKit): Promise<RunningApp> {
  const { clock, logger } = kit;
  const isProduction = configuration.NODE_ENV === 'production';
  const identity = createClientIdentity(configuration, kit);
  // Whether a POST reads or writes is not known before its body is read, and room is needed for reading it.
  const admission = await createAdmission(configuration, kit, () => 'normal');
  const services = openServices(configuration, identity, kit);
  const coalescer = createCoalescer({ clock });
  const overviews = {
    ports: coalesceReads(services.ports, coalescer),
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  const state = await openState(configuration, kit);
  const checkout = createCheckout({
    // Writes through the same ports: what their user reads next is not shared with a read that began before.
    ports: overviews.ports,
    store: state,
    clock,
    random: Math.random,
    randomHex: kit.randomHex,
    ...readCheckoutOptions(configuration),
    onEvent: (event) => logger.info(event, 'checkout'),
  });
  const orderWatch = createOrderWatch({ ...overviews, random: Math.random });
  const schema = createSchema(
    createResolvers({
      listOverviews: listOrderOverviews(overviews),
      checkout,
      watchOrder: orderWatch.watch,
    }),
  );
  const documents = {
    schema,
    policy: createDocumentPolicy({ schema, isProduction, limits: readLimits(configuration) }),
    registered: configuration.OPERATION_MANIFEST,
    queryCache: createQueryCache(configuration.PERSISTED_QUERY_CHARACTERS),
  };
  const server = await createGraphqlServer({ ...documents, logger, isProduction });
  const loaders = { getOverview: getOrderOverview(overviews), getOrdersById: getOrdersById(overviews) };
  const createContext = (context: Context): GraphqlContext => ({
    context,
    orders: createOrderLoader(loaders, context),
  });
  const clients = createLiveClients({ maxPerUser: configuration.LIVE_MAX_PER_USER });
  const http = readHttpLimits(configuration);
  const live = {
    kit,
    admission,
    clients,
    createContext,
    authenticate: authenticateLive(identity, clock),
    prepare: prepareSubscription(documents),
    limits: {
      pingMs: configuration.LIVE_PING_MS,
      maxSubscriptions: configuration.LIVE_MAX_SUBSCRIPTIONS,
    },
  };
  const websockets = serveWebsockets({
    ...live,
    path: graphqlPath,
    allowedOrigins: http.allowedOrigins,
    maxMessageBytes: http.maxBodyBytes,
  });
  kit.drain.addEventListener('abort', () => {
    clients.moveOn();
    orderWatch.close();
  });
  const listener = await serveHttp({
    configuration,
    kit,
    admission,
    health: true,
    onUpgrade: websockets.onUpgrade,
    mount: (app) => {
      mountGraphql(app, {
        identity,
        admission,
        answer: answerQueries({ server, registered: documents.registered, createContext }),
        stream: serveEventStream(live),
        maxBodyBytes: http.maxBodyBytes,
        ide: isProduction ? undefined : serveIde(),
      });
    },
  });
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  checkout.start();
  return {
    listeners: [listener],
    info: () => ({
      upstreams: services.endpoints(),
      admission: admission.state(),
      live: { clients: clients.size, ...orderWatch.state() },
      registeredOperations: documents.registered?.size ?? 'any',
    }),
    async close() {
      websockets.close();
      orderWatch.close();
      await server.stop();
      await checkout.close();
      await state.close();
      admission.close();
      await services.close();
    },
  };
}

function readLimits(configuration: Configuration) {
  return {
    maxTokens: configuration.QUERY_MAX_TOKENS,
    maxDepth: configuration.QUERY_MAX_DEPTH,
    maxAliases: configuration.QUERY_MAX_ALIASES,
    maxFields: configuration.QUERY_MAX_FIELDS,
    maxCost: configuration.QUERY_MAX_COST,
  };
}
