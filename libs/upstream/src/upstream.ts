import type { Clock } from '@bff/core';
import { createRetryBudget, type EndpointSnapshot, type RetryBudget } from '@bff/load-balancing';
import type { OnAttempt } from './account-outcome.ts';
import type { InternalToken } from './carried-headers.ts';
import { createUnaryCall } from './unary-call.ts';
import { discoverEndpoints } from './discover-endpoints.ts';
import { createGrpcTransport } from './grpc/grpc-transport.ts';
import { createHttpTransport } from './http/http-transport.ts';
import { manageEndpoints, type ManagedEndpoints } from './managed-endpoints.ts';
import { parseUpstreamUrls, type UpstreamAddresses, type UpstreamScheme } from './parse-upstream-urls.ts';
import { createPort, type OperationTable, type PortOf } from './port.ts';
import { completeResilience, type Resilience, type ResilienceOptions } from './resilience-options.ts';
import { createStreamCall } from './stream-call.ts';
import type { Transport } from './transport.ts';
import type { OnUpstreamEvent } from './upstream-event.ts';

export interface UpstreamOptions extends ResilienceOptions {
  /** `orders`; names the upstream in metrics. */
  name: string;
  /** `http://a:3000,http://b:3000`, `grpc://…`, `dns+http://…`; see `parseUpstreamUrls`. */
  urls: string;
  clock: Clock;
  /** In [0, 1), for jitter and ties. */
  random: () => number;
  internalToken: InternalToken;
  /** The audience of the internal token: the service's name. */
  audience: string;
  /** How long one attempt may take; the caller's deadline cuts it shorter. Streams have the caller's deadline alone. */
  timeoutMs: number;
  onAttempt?: OnAttempt;
  onEvent?: OnUpstreamEvent;
  /** How much sooner than here the deadline is at the service, in milliseconds. Default 5. */
  deadlineMarginMs?: number;
  /** Larger answers are refused. Default 4 MiB. */
  maxResponseBytes?: number;
  /** HTTP: connections per instance; further calls wait for one within their deadline. Default 64. */
  maxConnections?: number;
  /** HTTP: how long connecting may take. Default 1000. */
  connectTimeoutMs?: number;
}

/** One service, through however many instances. */
export interface Upstream {
  readonly name: string;
  /** The service's port: one function per operation. */
  port<Operations extends OperationTable>(operations: Operations): PortOf<Operations>;
  endpoints(): readonly EndpointSnapshot[];
  /** See `ManagedEndpoints.firstHealthRound`. */
  firstHealthRound(limitMs?: number): Promise<void>;
  /** Further attempts (retries and hedges) that the budget allows now. */
  retryBudgetLeft(): number;
  /** Finishes what is in flight and closes the connections; later calls fail with `unavailable`. */
  close(): Promise<void>;
}

/** What every call of an upstream goes through. */
export interface UpstreamParts extends Resilience {
  readonly options: UpstreamOptions;
  readonly random: () => number;
  readonly onEvent: OnUpstreamEvent;
  readonly deadlineMarginMs: number;
  readonly transport: Transport;
  readonly budget: RetryBudget;
  readonly endpoints: ManagedEndpoints;
}

/**
 * Throws an Error with a clear message when `urls` cannot be read or the policy makes no sense. Calls connect lazily;
 * discovery and health checks begin at once.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const addresses = parseUpstreamUrls(options.urls);
  return createUpstreamOver(createTransport(addresses.scheme, options), addresses, options);
}

/** The same over any transport. */
export function createUpstreamOver(
  transport: Transport,
  addresses: UpstreamAddresses,
  options: UpstreamOptions,
): Upstream {
  const { name } = options;
  const parts = assemble(transport, addresses, options);
  const { endpoints, budget } = parts;
  return {
    name,
    port: (operations) =>
      createPort(operations, {
        unary: (operation) => createUnaryCall(operation, parts),
        stream: (operation) => createStreamCall(operation, parts),
      }),
    endpoints: () => endpoints.balancer.endpoints(),
    firstHealthRound: (limitMs) => endpoints.firstHealthRound(limitMs),
    retryBudgetLeft: () => budget.remaining(),
    async close() {
      endpoints.close();
      await transport.close();
    },
  };
}

function assemble(
  transport: Transport,
  addresses: UpstreamAddresses,
  options: UpstreamOptions,
): UpstreamParts {
  const { name, clock, random, onEvent = () => undefined, healthChecks = true } = options;
  const { policy, hedging } = completeResilience(options);
  const discovery = discoverEndpoints(addresses, {
    clock,
    random,
    ...(options.resolve && { resolve: options.resolve }),
    ...(options.discoveryIntervalMs !== undefined && { intervalMs: options.discoveryIntervalMs }),
    onError: (error) => onEvent({ upstream: name, kind: 'discovery_failed', error }),
  });
  const endpoints = manageEndpoints({
    discovery,
    policy,
    healthCheck: healthChecks ? policy.healthCheck : undefined,
    check: transport.check,
    clock,
    random,
    onEvent(event) {
      if (event.kind === 'drained') transport.forget(event.endpoint);
      onEvent({ upstream: name, ...event });
    },
  });
  const budget = createRetryBudget({ clock, policy: policy.retry });
  const { deadlineMarginMs = 5 } = options;
  return { options, policy, hedging, random, onEvent, deadlineMarginMs, transport, budget, endpoints };
}

function createTransport(scheme: UpstreamScheme, options: UpstreamOptions): Transport {
  const { clock, deadlineMarginMs = 5, maxResponseBytes = 4 * 1024 * 1024 } = options;
  const common = { clock, deadlineMarginMs, maxResponseBytes };
  if (scheme === 'grpc') return createGrpcTransport(common);
  const { maxConnections = 64, connectTimeoutMs = 1_000, healthPath = '/readyz' } = options;
  return createHttpTransport({ ...common, maxConnections, connectTimeoutMs, healthPath });
}
