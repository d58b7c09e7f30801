import { getOrderOverview, listOrderOverviews } from '@bff/aggregation';
import {
  authenticate,
  createAdmission,
  createClientIdentity,
  createSourceReport,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, readServiceOptions } from '@bff/upstream';
import compression from 'compression';
import type { Express } from 'express';
import type { WebBffConfiguration } from './config.ts';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { createDocsRoutes } from './routes/docs-routes.ts';
import { createMeRoutes } from './routes/me-routes.ts';
import { createOrderRoutes } from './routes/order-routes.ts';
import { tagByCoding } from './routes/send-composed.ts';

/** The composition root: wires the app by plain arguments and starts its listener. */
export async function startWebBff(configuration: WebBffConfiguration, kit: ProcessKit): Promise<RunningApp> {
  const { clock } = kit;
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const services = createServices({
    ...readServiceOptions(configuration),
    clock,
    internalToken: identity.internalToken,
    metrics: kit.metrics,
  });
  const overview = {
    ports: services.ports,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };

  const mount = (app: Express) => {
    app.use(tagByCoding, compression());
    app.use(
      createDocsRoutes({ document: createWebBffDocument(), page: configuration.NODE_ENV !== 'production' }),
    );
    app.use(
      '/v1',
      // `headersDistinct`, so that a second Authorization header is seen and refused.
      authenticate((request) => identity.authenticate(request.headersDistinct.authorization)),
      // After authentication: the limit is the user's, wherever he comes from.
      ...admission.requests,
      createOrderRoutes({
        getOrderOverview: getOrderOverview(overview),
        listOrderOverviews: listOrderOverviews(overview),
      }),
      createMeRoutes(),
    );
  };

  const listener = await serveHttp({ configuration, kit, mount, health: true });
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({ upstreams: services.endpoints(), admission: admission.state() }),
    async close() {
      admission.close();
      await services.close();
    },
  };
}
