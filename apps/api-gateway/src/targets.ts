import type { EndpointSnapshot } from '@bff/load-balancing';
import type { ProcessKit } from '@bff/server-kit';
import { createHttpHealth } from '@bff/upstream';
import { exposeBalancedUpstreams, openBalancedUpstream } from './balanced-upstream.ts';
import type { ApiGatewayConfiguration } from './config.ts';
import { gatewayAnswers } from './proxy/client-headers.ts';
import type { ForwardingParts } from './proxy/forwarding-parts.ts';
import type { Route } from './routes.ts';

/** The services behind the routes, each with its balancer and its retry budget. */
export interface Targets {
  readonly all: readonly { readonly route: Route; readonly parts: ForwardingParts }[];
  /** The instances of each service with their state, for `/info`. */
  endpoints(): Readonly<Record<string, readonly EndpointSnapshot[]>>;
  /** Resolves when all instances have been asked once, or after a bounded time. */
  firstHealthRound(): Promise<void>;
  close(): Promise<void>;
}

/** Finds, checks and balances the instances of every route's service, under the same policy as the BFFs do. */
export function openTargets(
  routes: readonly Route[],
  configuration: ApiGatewayConfiguration,
  kit: ProcessKit,
): Targets {
  const health = createHttpHealth({});
  const all = routes.map((route) => {
    const upstream = openBalancedUpstream({
      name: route.service,
      urls: route.urls,
      maxRetries: configuration.SERVICE_MAX_RETRIES,
      healthCheckMs: configuration.SERVICE_HEALTH_CHECK_MS,
      probe: health,
      kit,
    });
    const parts: ForwardingParts = {
      service: route.service,
      kit,
      endpoints: upstream.endpoints,
      further: upstream.further,
      attemptTimeoutMs: configuration.SERVICE_TIMEOUT_MS,
      answers: gatewayAnswers,
    };
    return { route, upstream, parts };
  });
  const upstreams = all.map(({ upstream }) => upstream);
  exposeBalancedUpstreams(kit, upstreams);
  return {
    all,
    endpoints: () =>
      Object.fromEntries(upstreams.map(({ name, endpoints }) => [name, endpoints.balancer.endpoints()])),
    async firstHealthRound() {
      await Promise.all(upstreams.map(({ endpoints }) => endpoints.firstHealthRound()));
    },
    async close() {
      for (const { endpoints } of upstreams) endpoints.close();
      await health.close();
    },
  };
}
