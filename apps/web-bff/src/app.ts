import {
  createOrderWatch,
  getOrderOverview,
  listOrderOverviews,
  openCheckout,
  shareReads,
} from '@bff/aggregation';
import {
  ConfigurationError,
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
import compression from 'compression';
import type { Express } from 'express';
import type { WebBffConfiguration } from './config.ts';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { createStreamPlaces } from './events/stream-places.ts';
import { createPageRoutes } from './pages/page-routes.ts';
import { apiPath, authoriseOperations, refuseUnlisted } from './routes/authorise-routes.ts';
import { createDocsRoutes } from './routes/docs-routes.ts';
import { createEventRoutes } from './routes/event-routes.ts';
import { createMeRoutes } from './routes/me-routes.ts';
import { createOrderRoutes } from './routes/order-routes.ts';
import { tagByCoding } from './routes/send-composed.ts';
import { createWriteRoutes } from './routes/write-routes.ts';
import { authenticateBrowser, whenSignedOut } from './session/authenticate-browser.ts';
import { openSessions } from './session/open-sessions.ts';
import { productionFaults } from './session/session-configuration.ts';
import { createSessionRoutes } from './session/session-routes.ts';

/** The composition root: wires the app by plain arguments and starts its listener. Throws a `ConfigurationError` for settings that are not safe in production. */
export async function startWebBff(configuration: WebBffConfiguration, kit: ProcessKit): Promise<RunningApp> {
  const { clock, random, metrics } = kit;
  const faults = configuration.NODE_ENV === 'production' ? productionFaults(configuration) : [];
  if (faults.length > 0) throw new ConfigurationError(faults);
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const state = await openState(configuration, kit);
  const browser = openSessions(configuration, state, kit);
  const { internalToken } = identity;
  const services = createWatchedServices(configuration, { clock, random, metrics, internalToken });
  const reads = shareReads({
    ports: services.ports,
    clock,
    ...readAnswerOptions(configuration),
    ...createReadReport(kit),
    channel: state,
  });
  const overview = {
    ...reads,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  // What their user reads next is not shared with a read that began before.
  const checkout = openCheckout(configuration, { ...kit, ports: reads.writePorts, store: state });
  const live = createOrderWatch({ ...overview, random });
  if (!services.canBeWatched) kit.logger.warn('no live updates: give ORDER_SERVICE_WATCH_URL and the like');
  const places = createStreamPlaces({
    max: configuration.EVENTS_MAX_STREAMS,
    maxPerUser: configuration.EVENTS_MAX_STREAMS_PER_USER,
  });

  const mount = (app: Express) => {
    app.use(refuseUnlisted(), tagByCoding, compression());
    app.use(
      createDocsRoutes({ document: createWebBffDocument(), page: configuration.NODE_ENV !== 'production' }),
    );
    app.use(createPageRoutes());
    app.use('/auth', createSessionRoutes(browser, kit));
    app.use(
      apiPath,
      authenticateBrowser(browser, identity),
      authoriseOperations(),
      createEventRoutes({
        watchOrder: services.canBeWatched ? live.watch : undefined,
        kit,
        gates: admission.streams,
        whenSignedOut: (request, end) => whenSignedOut(browser, request, end),
        random,
        places,
        heartbeatMs: configuration.EVENTS_HEARTBEAT_MS,
        stallMs: configuration.EVENTS_STALL_MS,
        lifeMs: configuration.EVENTS_LIFE_MS,
      }),
      // After authentication: the limit is the user's, wherever he comes from.
      ...admission.requests,
      createWriteRoutes(checkout),
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
      reads: reads.state(),
      live: { ...live.state(), eventStreams: places.taken() },
    }),
    async close() {
      live.close();
      admission.close();
      // What is half done first: it needs the issuer, the services and the state.
      await Promise.all([browser.close(), checkout.close()]);
      reads.close();
      await Promise.all([services.close(), state.close()]);
    },
  };
}
