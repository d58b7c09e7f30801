import { createRetryBudget, type EndpointSnapshot } from '@bff/load-balancing';
import type { ProcessKit } from '@bff/server-kit';
import {
  completeResilience,
  countUpstreamEvents,
  createHttpHealth,
  discoverEndpoints,
  manageEndpoints,
  parseUpstreamUrls,
} from '@bff/upstream';
import type { ApiGatewayConfiguration } from './config.ts';
import type { ForwardingParts } from './proxy/forwarded-request.ts';
import type { Route } from './routes.ts';

/** The services behind the routes, each with its balancer and its retry budget. */
export interface Targets {
  readonly all: readonly { readonly route: Route; readonly parts: ForwardingParts }[];
  /** The instances of each service with their state, for `/info`. */
  endpoints(): Readonly<Record<string, readonly EndpointSnapshot[]>>;
  close(): Promise<void>;
}

/** Finds, checks and balances the instances of every route's service, under the same policy as the BFFs do. */
export function openTargets(
  routes: readonly Route[],
  configuration: ApiGatewayConfiguration,
  kit: ProcessKit,
): Targets {
  const { clock, metrics } = kit;
  const random = Math.random;
  const onEvent = countUpstreamEvents(metrics);
  const health = createHttpHealth({});
  const { SERVICE_MAX_RETRIES: maxRetries, SERVICE_HEALTH_CHECK_MS: intervalMs } = configuration;
  const { policy } = completeResilience({
    policy: { retry: { maxRetries }, ...(intervalMs > 0 && { healthCheck: { intervalMs } }) },
  });
  const all = routes.map((route) => {
    const { service: upstream } = route;
    const discovery = discoverEndpoints(parseUpstreamUrls(route.urls), {
      clock,
      random,
      onError: (error) => onEvent({ upstream, kind: 'discovery_failed', error }),
    });
    const endpoints = manageEndpoints({
      discovery,
      policy,
      healthCheck: intervalMs > 0 ? policy.healthCheck : undefined,
      check: health.check,
      clock,
      random,
      onEvent(event) {
        if (event.kind === 'drained') health.forget(event.endpoint);
        onEvent({ upstream, ...event });
      },
    });
    const parts: ForwardingParts & { endpoints: typeof endpoints } = {
      service: upstream,
      kit,
      endpoints,
      further: {
        budget: createRetryBudget({ clock, policy: policy.retry }),
        policy: policy.retry,
        random,
        hasUntried: endpoints.hasUntried,
        failsOver: endpoints.failsOver,
        onEvent: (event) => onEvent({ upstream, ...event }),
      },
      attemptTimeoutMs: configuration.SERVICE_TIMEOUT_MS,
    };
    return { route, parts };
  });
  metrics.watchUpstreams(() =>
    all.map(({ parts: { service: name, further, endpoints } }) => ({
      name,
      retryBudgetLeft: further.budget.remaining(),
      endpoints: endpoints.balancer.endpoints(),
    })),
  );
  return {
    all,
    endpoints: () =>
      Object.fromEntries(all.map(({ parts }) => [parts.service, parts.endpoints.balancer.endpoints()])),
    async close() {
      for (const { parts } of all) parts.endpoints.close();
      await health.close();
    },
  };
}
