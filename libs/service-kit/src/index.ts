export type { AuthorisationTable } from '@bff/auth';
export { ResourceCore } from './core/resource-core.ts';
export { acquirerReference } from './seed/acquirer-reference.ts';
export { carrierOf, trackingNumberOf, warehouse } from './seed/carrier.ts';
export { createSampleData, type SampleData, type SampleOrder } from './seed/sample-data.ts';
export type {
  BackgroundParts,
  BackgroundWork,
  PortParts,
  ServiceDefinition,
} from './serve/service-definition.ts';
export { openService, type OpenedService, type OpenServiceOptions } from './serve/open-service.ts';
export {
  serviceConfiguration,
  type ServiceConfiguration,
  type ServiceDefaults,
} from './serve/service-configuration.ts';
export { startService } from './serve/start-service.ts';
export type { Resource, ResourceType, Written } from './store/resource.ts';
export type { ResourceStore } from './store/resource-store.ts';
export { FaultList } from './validation/fault-list.ts';
