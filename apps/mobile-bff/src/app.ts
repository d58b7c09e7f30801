import { createRateLimiter } from '@bff/admission';
import { getOrderOverview, listOrderOverviews, type OnSource } from '@bff/aggregation';
import { logFields } from '@bff/observability';
import {
  createClientIdentity,
  createHttpApp,
  startHttpListener,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, type OnAttempt } from '@bff/upstream';
import type { Configuration } from './config.ts';
import { createGraphqlServer } from './graphql/create-graphql-server.ts';
import { mountGraphql } from './graphql/mount-graphql.ts';

/** The composition root: everything mobile-bff consists of, wired by plain arguments. */
export async function startMobileBff(configuration: Configuration, kit: ProcessKit): Promise<RunningApp> {
  const { clock, logger } = kit;
  const identity = createClientIdentity(configuration, kit);
  const services = createServices({
    urls: {
      orders: configuration.ORDER_SERVICE_URL,
      payments: configuration.PAYMENT_SERVICE_URL,
      shipments: configuration.SHIPPING_SERVICE_URL,
    },
    clock,
    internalToken: identity.internalToken,
    timeoutMs: configuration.SERVICE_TIMEOUT_MS,
    onAttempt: observeAttempts(kit),
  });
  const overviews = {
    ports: services.ports,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: logFailedSources(kit),
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
  const rateLimiter = createRateLimiter({
    name: 'user',
    points: configuration.RATE_LIMIT_PER_MINUTE,
    durationMs: 60_000,
  });
  const handler = createHttpApp({
    kit,
    requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
    mount: (app) => {
      mountGraphql(app, { server, getOverview: getOrderOverview(overviews), identity, rateLimiter });
    },
  });
  const address = { host: configuration.HOST, port: configuration.PORT };
  return {
    listeners: [await startHttpListener({ handler, address, clock })],
    info: () => ({ upstreams: services.endpoints() }),
    async close() {
      await server.stop();
      await services.close();
    },
  };
}

function observeAttempts({ metrics }: ProcessKit): OnAttempt {
  return ({ upstream, endpoint, operation, code, durationMs }) => {
    metrics.upstreamAttempt({ upstream, endpoint: endpoint.id, operation, outcome: code, durationMs });
  };
}

/** A source that failed is a gap in an answer that otherwise looks well: the log has the cause. */
function logFailedSources({ logger }: ProcessKit): OnSource {
  return ({ source, status, code, durationMs }, err, context) => {
    if (status !== 'unavailable' && status !== 'timeout') return;
    // The caller's own mistake is no failure of the source.
    if (code === 'not_found' || code === 'invalid_argument') return;
    const fields = { source, status, code, durationMs: Math.round(durationMs) };
    logger.warn({ ...logFields(context), ...fields, err }, 'a source failed');
  };
}
