import { getOrderOverview, listOrderOverviews } from '@bff/aggregation';
import {
  createAdmission,
  createClientIdentity,
  createSourceReport,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, readServiceOptions } from '@bff/upstream';
import type { Configuration } from './config.ts';
import { createGraphqlServer } from './graphql/create-graphql-server.ts';
import { mountGraphql } from './graphql/mount-graphql.ts';

/** The composition root: everything mobile-bff consists of, wired by plain arguments. */
export async function startMobileBff(configuration: Configuration, kit: ProcessKit): Promise<RunningApp> {
  const { clock, logger } = kit;
  const identity = createClientIdentity(configuration, kit);
  // Every GraphQL request is a POST; there are only queries yet.
  const admission = await createAdmission(configuration, kit, () => 'normal');
  const services = createServices({
    ...readServiceOptions(configuration),
    clock,
    internalToken: identity.internalToken,
    metrics: kit.metrics,
  });
  const overviews = {
    ports: services.ports,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  const server = await createGraphqlServer({
    listOverviews: listOrderOverviews(overviews),
    logger,
    isProduction: configuration.NODE_ENV === 'production',
    limits: {
      maxTokens: configuration.QUERY_MAX_TOKENS,
      maxDepth: configuration.QUERY_MAX_DEPTH,
      maxAliases: configuration.QUERY_MAX_ALIASES,
      maxFields: configuration.QUERY_MAX_FIELDS,
    },
  });
  const listener = await serveHttp({
    configuration,
    kit,
    health: true,
    mount: (app) => {
      mountGraphql(app, { server, getOverview: getOrderOverview(overviews), identity, admission });
    },
  });
  return {
    listeners: [listener],
    info: () => ({ upstreams: services.endpoints(), admission: admission.state() }),
    async close() {
      await server.stop();
      admission.close();
      await services.close();
    },
  };
}
