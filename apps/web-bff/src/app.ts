import { createOrderWatch, getOrderOverview, listOrderOverviews } from '@bff/aggregation';
import {
  authenticate,
  createAdmission,
  createClientIdentity,
  createSourceReport,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, readServiceOptions, readWatchUrls, type Services } from '@bff/upstream';
import compression from 'compression';
import type { Express } from 'express';
import type { WebBffConfiguration } from './config.ts';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { createStreamPlaces } from './events/stream-places.ts';
import { createDocsRoutes } from './routes/docs-routes.ts';
import { createEventRoutes } from './routes/event-routes.ts';
import { createMeRoutes } from './routes/me-routes.ts';
import { createOrderRoutes } from './routes/order-routes.ts';
import { tagByCoding } from './routes/send-composed.ts';

/** The composition root: wires the app by plain arguments and starts its listener. */
export async function startWebBff(configuration: WebBffConfiguration, kit: ProcessKit): Promise<RunningApp> {
  const { clock } = kit;
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const serviceOptions = {
    ...readServiceOptions(configuration),
    clock,
    internalToken: identity.internalToken,
  };
  const services = createServices({ ...serviceOptions, metrics: kit.metrics });
  const watchUrls = readWatchUrls(configuration);
  const watched = watchUrls === undefined ? services : createServices({ ...serviceOptions, urls: watchUrls });
  const overview = {
    ports: services.ports,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };

  const live = createOrderWatch({
    ...overview,
    ports: watchedPorts(services.ports, watched.ports),
    random: Math.random,
  });
  const places = createStreamPlaces({
    max: configuration.EVENTS_MAX_STREAMS,
    maxPerUser: configuration.EVENTS_MAX_STREAMS_PER_USER,
  });

  const mount = (app: Express) => {
    app.use(tagByCoding, compression());
    app.use(
      createDocsRoutes({ document: createWebBffDocument(), page: configuration.NODE_ENV !== 'production' }),
    );
    app.use(
      '/v1',
      // `headersDistinct`, so that a second Authorization header is seen and refused.
      authenticate((request) => identity.authenticate(request.headersDistinct.authorization)),
      createEventRoutes({
        watchOrder: live.watch,
        kit,
        gates: admission.streams,
        random: Math.random,
        places,
        heartbeatMs: configuration.EVENTS_HEARTBEAT_MS,
        stallMs: configuration.EVENTS_STALL_MS,
        lifeMs: configuration.EVENTS_LIFE_MS,
      }),
      // After authentication: the limit is the user's, wherever he comes from.
      ...admission.requests,
      createOrderRoutes({
        getOrderOverview: getOrderOverview(overview),
        listOrderOverviews: listOrderOverviews(overview),
      }),
      createMeRoutes(),
    );
  };

  const listener = await serveHttp({ configuration, kit, admission, mount, health: true });
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({
      upstreams: services.endpoints(),
      admission: admission.state(),
      live: { ...live.state(), eventStreams: places.taken() },
    }),
    async close() {
      live.close();
      admission.close();
      await Promise.all([services.close(), watched.close()]);
    },
  };
}

type Ports = Services['ports'];

/** Reads go where all reads go; only the streams need gRPC. */
function watchedPorts(read: Ports, watched: Ports) {
  return {
    orders: { ...read.orders, watch: watched.orders.watch },
    payments: { ...read.payments, watch: watched.payments.watch },
    shipments: { ...read.shipments, watch: watched.shipments.watch },
  };
}
