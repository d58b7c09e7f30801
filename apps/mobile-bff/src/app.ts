import {
  createOrderWatch,
  getOrderOverview,
  listOrderOverviews,
  openCheckout,
  shareReads,
} from '@bff/aggregation';
import type { Context } from '@bff/core';
import {
  createAdmission,
  createClientIdentity,
  createReadReport,
  createSourceReport,
  openState,
  readAnswerOptions,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createWatchedServices } from '@bff/upstream';
import { authorisation } from './authorisation.ts';
import type { Configuration } from './config.ts';
import { openDocuments } from './documents/open-documents.ts';
import { answerQueries } from './graphql/answer-queries.ts';
import { authoriseFields } from './graphql/authorise-fields.ts';
import { createGraphqlServer } from './graphql/create-graphql-server.ts';
import type { GraphqlContext } from './graphql/graphql-context.ts';
import { mountGraphql } from './graphql/mount-graphql.ts';
import { serveIde } from './graphql/serve-ide.ts';
import { openLive } from './live/open-live.ts';
import { getOrdersById } from './orders/get-orders-by-id.ts';
import { createResolvers } from './resolvers/create-resolvers.ts';
import { createOrderLoader } from './resolvers/order-loader.ts';
import { createSchema } from './schema/create-schema.ts';

/** The composition root: everything mobile-bff consists of, wired by plain arguments. */
export async function startMobileBff(configuration: Configuration, kit: ProcessKit): Promise<RunningApp> {
  const { clock, random, metrics, logger } = kit;
  const isProduction = configuration.NODE_ENV === 'production';
  const identity = createClientIdentity(configuration, kit);
  // Whether a POST reads or writes is not known before its body is read, and room is needed for reading it.
  const admission = await createAdmission(configuration, kit, () => 'normal');
  const state = await openState(configuration, kit);
  const { internalToken } = identity;
  const services = createWatchedServices(configuration, { clock, random, metrics, internalToken });
  const reads = shareReads({
    ports: services.ports,
    clock,
    ...readAnswerOptions(configuration),
    ...createReadReport(kit),
    channel: state,
  });
  const overviews = {
    ...reads,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  // What their user reads next is not shared with a read that began before.
  const checkout = openCheckout(configuration, { ...kit, ports: reads.writePorts, store: state });
  const orderWatch = createOrderWatch({ ...overviews, random });

  const listOverviews = listOrderOverviews(overviews);
  const loaders = { getOverview: getOrderOverview(overviews), getOrdersById: getOrdersById(overviews) };
  const createContext = (context: Context): GraphqlContext => ({
    context,
    orders: createOrderLoader(loaders, context),
  });
  const resolvers = createResolvers({ listOverviews, checkout, watchOrder: orderWatch.watch });
  const schema = authoriseFields(createSchema(resolvers), authorisation, createContext);
  const documents = openDocuments(schema, configuration);
  const server = await createGraphqlServer({ ...documents, logger, isProduction });
  const live = openLive({ configuration, kit, identity, admission, documents, orderWatch, createContext });

  const listener = await serveHttp({
    configuration,
    kit,
    admission,
    health: true,
    onUpgrade: live.onUpgrade,
    mount: (app) => {
      mountGraphql(app, {
        identity,
        admission,
        answer: answerQueries({ server, registered: documents.registered, createContext }),
        stream: live.eventStreams,
        maxBodyBytes: configuration.MAX_BODY_BYTES,
        ide: isProduction ? undefined : serveIde(),
      });
    },
  });
  if (isProduction && !documents.registered) {
    logger.warn('any operation is answered: give OPERATION_MANIFEST_FILE to answer registered ones alone');
  }
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({
      upstreams: services.endpoints(),
      admission: admission.state(),
      reads: reads.state(),
      live: live.state(),
      registeredOperations: documents.registered?.size ?? 'any',
    }),
    async close() {
      live.close();
      await server.stop();
      await checkout.close();
      admission.close();
      reads.close();
      await Promise.all([services.close(), state.close()]);
    },
  };
}
