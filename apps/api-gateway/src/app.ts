import { Agent } from 'node:http';
import { createRoundRobinBalancer } from '@bff/load-balancing';
import {
  authenticate,
  createAdmission,
  createClientIdentity,
  createHttpApp,
  startHttpListener,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { parseUpstreamUrls } from '@bff/upstream';
import type { Express } from 'express';
import helmet from 'helmet';
import type { ApiGatewayConfiguration } from './config.ts';
import { mountRoute } from './mount-route.ts';
import { createServiceProxy } from './proxy/service-proxy.ts';
import { refuseBadTargets } from './refuse-bad-targets.ts';
import { createRoutes } from './routes.ts';

/** The composition root: wires the app by plain arguments and starts its listener. */
export async function startApiGateway(
  configuration: ApiGatewayConfiguration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const agent = new Agent({ keepAlive: true, maxSockets: configuration.MAX_CONNECTIONS });
  const upstreams = createRoutes(configuration).map((route) => ({
    route,
    balancer: createRoundRobinBalancer(parseUpstreamUrls(route.urls).endpoints),
  }));
  const gates = [
    // `headersDistinct`, so that a second Authorization header is seen and refused.
    authenticate((request) => identity.authenticate(request.headersDistinct['authorization'])),
    // After authentication: the limit is the user's, wherever he comes from.
    ...admission.requests,
  ];

  const mount = (app: Express) => {
    app.use(helmet());
    // Before any route is looked up: what is ambiguous is not compared with anything.
    app.use(refuseBadTargets);
    for (const { route, balancer } of upstreams) {
      const { service } = route;
      const { internalToken } = identity;
      mountRoute(app, route, [
        ...gates,
        createServiceProxy({ service, balancer, agent, internalToken, kit }),
      ]);
    }
  };

  const listener = await startHttpListener({
    handler: createHttpApp({ kit, requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS, mount }),
    address: { host: configuration.HOST, port: configuration.PORT },
    clock: kit.clock,
  });
  return {
    listeners: [listener],
    info: () => ({
      upstreams: Object.fromEntries(
        upstreams.map(({ route, balancer }) => [route.service, balancer.endpoints()]),
      ),
      admission: admission.state(),
    }),
    async close() {
      admission.close();
      for (const { balancer } of upstreams) balancer.close();
      agent.destroy();
    },
  };
}
