export type { AcquireOptions, Balancer, Lease } from './balancer.ts';
export type { Endpoint, EndpointSnapshot } from './endpoint.ts';
export type { FailureKind, Outcome } from './outcome.ts';
export { createRoundRobinBalancer } from './round-robin-balancer.ts';
