export type { AttemptEvent, OnAttempt } from './account-outcome.ts';
export type { InternalToken } from './carried-headers.ts';
export { discoverEndpoints, type DiscoverOptions } from './discover-endpoints.ts';
export { retriedHeader } from './further-attempt.ts';
export type { HedgingPolicy } from './hedge.ts';
export { createHttpHealth, type HttpHealth, type HttpHealthOptions } from './http/http-health.ts';
export { manageEndpoints, type ManagedEndpoints, type ManagedEndpointsOptions } from './managed-endpoints.ts';
export { countUpstreamEvents, exposeUpstreams } from './observe-upstreams.ts';
export {
  parseUpstreamUrls,
  type UpstreamAddresses,
  type UpstreamScheme,
  type UpstreamSource,
} from './parse-upstream-urls.ts';
export { planRetry, type FailedCall, type FurtherAttempts } from './plan-retry.ts';
export type { PortOf } from './port.ts';
export { completeResilience, type Resilience, type ResilienceOptions } from './resilience-options.ts';
export { createOrdersPort, createPaymentsPort, createShipmentsPort } from './service-ports.ts';
export { readServiceOptions, serviceVariables } from './service-variables.ts';
export { createServices, type Services, type ServicesOptions } from './services.ts';
export { createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';
export type { FurtherAttemptEvent, OnUpstreamEvent, UpstreamEvent } from './upstream-event.ts';
export { failureBehind, UpstreamFailure } from './upstream-failure.ts';
export { watchVariables } from './watch-variables.ts';
export { createWatchedServices, type WatchedServices } from './watched-services.ts';
