export type { AttemptEvent, OnAttempt } from './account-outcome.ts';
export type { InternalToken } from './carried-headers.ts';
export { parseUpstreamUrls, type UpstreamAddresses, type UpstreamScheme } from './parse-upstream-urls.ts';
export type { PortOf } from './port.ts';
export { createOrdersPort, createPaymentsPort, createShipmentsPort } from './service-ports.ts';
export { serviceVariables } from './service-variables.ts';
export { createServices, type Services, type ServicesOptions } from './services.ts';
export { createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';
export { failureBehind, UpstreamFailure } from './upstream-failure.ts';
