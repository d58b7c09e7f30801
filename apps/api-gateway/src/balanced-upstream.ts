import { createRetryBudget, type Endpoint, type HealthCheck } from '@bff/load-balancing';
import type { ProcessKit } from '@bff/server-kit';
import {
  completeResilience,
  countUpstreamEvents,
  discoverEndpoints,
  manageEndpoints,
  parseUpstreamUrls,
  type FurtherAttempts,
  type ManagedEndpoints,
} from '@bff/upstream';

/** How instances are asked whether they are well, and what is let go of when one is gone. */
export interface Probe {
  readonly check: HealthCheck;
  forget(endpoint: Endpoint): void;
  /** Gives up connections to an instance that gives no sign of life; where they are shared with what waits for it. */
  cut?(endpoint: Endpoint): void;
}

export interface BalancedUpstreamOptions {
  /** In metrics and `/info`. */
  readonly name: string;
  /** Addresses of its instances, as `parseUpstreamUrls` reads them. */
  readonly urls: string;
  readonly maxRetries: number;
  /** Between two health checks; 0 for none. */
  readonly healthCheckMs: number;
  readonly probe: Probe;
  readonly kit: ProcessKit;
}

/** The instances of something behind this process, balanced under the same policy as the BFFs use. */
export interface BalancedUpstream {
  readonly name: string;
  readonly endpoints: ManagedEndpoints;
  readonly further: FurtherAttempts;
}

/** Finds, checks and balances instances; begins at once. `endpoints.close()` ends it. */
export function openBalancedUpstream(options: BalancedUpstreamOptions): BalancedUpstream {
  const { name, urls, maxRetries, healthCheckMs, probe, kit } = options;
  const { clock, random, metrics } = kit;
  const onEvent = countUpstreamEvents(metrics);
  const { policy } = completeResilience({
    policy: {
      retry: { maxRetries },
      ...(healthCheckMs > 0 && { healthCheck: { intervalMs: healthCheckMs } }),
    },
  });
  const discovery = discoverEndpoints(parseUpstreamUrls(urls), {
    clock,
    random,
    onError: (error) => onEvent({ upstream: name, kind: 'discovery_failed', error }),
  });
  const endpoints = manageEndpoints({
    discovery,
    policy,
    healthCheck: healthCheckMs > 0 ? policy.healthCheck : undefined,
    check: probe.check,
    clock,
    random,
    onEvent(event) {
      if (event.kind === 'drained') probe.forget(event.endpoint);
      onEvent({ upstream: name, ...event });
    },
    onSilent: (endpoint) => probe.cut?.(endpoint),
  });
  const further: FurtherAttempts = {
    budget: createRetryBudget({ clock, policy: policy.retry }),
    policy: policy.retry,
    random,
    hasUntried: endpoints.hasUntried,
    failsOver: endpoints.failsOver,
    onEvent: (event) => onEvent({ upstream: name, ...event }),
  };
  return { name, endpoints, further };
}

/** Shows the instances and budgets of these upstreams at every scrape. Once per process. */
export function exposeBalancedUpstreams(kit: ProcessKit, upstreams: readonly BalancedUpstream[]): void {
  kit.metrics.watchUpstreams(() =>
    upstreams.map(({ name, endpoints, further }) => ({
      name,
      retryBudgetLeft: further.budget.remaining(),
      endpoints: endpoints.balancer.endpoints(),
    })),
  );
}
