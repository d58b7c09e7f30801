import { createAuthorise } from '@bff/auth';
import {
  authenticate,
  authoriseRequest,
  createAdmission,
  createClientIdentity,
  serveHttp,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import type { Express } from 'express';
import { authorisation } from './authorisation.ts';
import type { ApiGatewayConfiguration } from './config.ts';
import { mountRoute } from './mount-route.ts';
import { ConnectingAgent } from './proxy/connecting-agent.ts';
import { createForwarder } from './proxy/forwarder.ts';
import { createServiceProxy } from './proxy/service-proxy.ts';
import { createRoutes } from './routes.ts';
import { openTargets } from './targets.ts';

/** The composition root: wires the app by plain arguments and starts its listener. */
export async function startApiGateway(
  configuration: ApiGatewayConfiguration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const agent = new ConnectingAgent({ maxSockets: configuration.MAX_CONNECTIONS, connectTimeoutMs: 1_000 });
  const targets = openTargets(createRoutes(configuration), configuration, kit);
  const forward = createForwarder({ agent, changeOrigin: true });
  // `headersDistinct`, so that a second Authorization header is seen and refused.
  const whoIsCalling = authenticate((request) =>
    identity.authenticate(request.headersDistinct['authorization']),
  );
  const authorise = createAuthorise<string>(authorisation);

  const mount = (app: Express) => {
    for (const { route, parts } of targets.all) {
      const { internalToken } = identity;
      mountRoute(app, route, [
        whoIsCalling,
        authoriseRequest(authorise, ({ method }) => `${method} ${route.prefix}`),
        // After authentication: the limit is the user's, wherever he comes from.
        ...admission.requests,
        createServiceProxy({ ...parts, forward, internalToken }),
      ]);
    }
  };

  const listener = await serveHttp({ configuration, kit, admission, mount });
  // Ready only then: the first requests know which instances to avoid.
  await targets.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({ upstreams: targets.endpoints(), admission: admission.state() }),
    async close() {
      admission.close();
      await targets.close();
      agent.destroy();
    },
  };
}
