export type { AcquireOptions, Balancer, Lease, ManagedBalancer } from './balancer.ts';
export type { BalancerEvent, OnBalancerEvent } from './balancer-event.ts';
export { createBalancer, type BalancerOptions } from './balancer/create-balancer.ts';
export {
  createHealthChecker,
  type HealthCheck,
  type HealthChecker,
  type HealthCheckerOptions,
} from './health-check/health-checker.ts';
export type { Discovery } from './discovery/discovery.ts';
export {
  createDnsDiscovery,
  type DnsDiscoveryOptions,
  type Resolve,
  type ResolvedAddress,
} from './discovery/dns-discovery.ts';
export { createFileDiscovery, type FileDiscoveryOptions } from './discovery/file-discovery.ts';
export { resolveAddresses, resolveServices } from './discovery/node-resolvers.ts';
export { createStaticDiscovery } from './discovery/static-discovery.ts';
export type { EjectionReason, Endpoint, EndpointSnapshot } from './endpoint.ts';
export type { FailureKind, Outcome } from './outcome.ts';
export {
  createPolicy,
  defaultPolicy,
  type AffinityPolicy,
  type EjectionPolicy,
  type HealthCheckPolicy,
  type LoadPolicy,
  type PickerKind,
  type Policy,
  type PolicyOverrides,
  type RetryPolicy,
  type SlownessPolicy,
  type SlowStartPolicy,
} from './policy.ts';
export { createRoundRobinBalancer } from './round-robin-balancer.ts';
export { decideRetry, type FailedAttempt, type RetryDecision } from './retry/decide-retry.ts';
export { payForRetry, type RetryPayment, type RetryToPay } from './retry/pay-for-retry.ts';
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from './retry/retry-budget.ts';
export { delayOfRetryMs } from './retry/retry-delay.ts';
export { policyReference, type PolicyReferenceRow } from './policy-reference.ts';
