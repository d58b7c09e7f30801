import { checkPolicy } from './check-policy.ts';

/** Which measure decides where the next attempt goes. */
export type PickerKind = 'peak_ewma' | 'least_request' | 'round_robin' | 'consistent_hash';

/** How the load of an instance is measured. */
export interface LoadPolicy {
  readonly decayMs: number;
  readonly failurePenaltyMs: number;
  readonly fullPenaltyAfter: number;
  readonly maxRetryAfterMs: number;
  readonly scanUpTo: number;
}

/** When an instance is set aside, and when it is asked again. */
export interface EjectionPolicy {
  readonly consecutiveFailures: number;
  readonly minSuccessRate: number;
  readonly minResults: number;
  readonly outlierFactor: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly jitter: number;
  readonly forgetAfterMs: number;
  readonly maxEjectedShare: number;
  readonly panicBelow: number;
}

/** When an instance that answers, but slowly, is set aside. */
export interface SlownessPolicy {
  readonly factor: number;
  readonly minLatencyMs: number;
  readonly minResults: number;
  readonly forMs: number;
}

/** How an instance ramps up after it came (back). */
export interface SlowStartPolicy {
  readonly windowMs: number;
  readonly minShare: number;
}

/** How far one instance may run ahead of the others for the sake of affinity. */
export interface AffinityPolicy {
  readonly boundedLoad: number;
  readonly freePending: number;
}

/** What may be tried again, and how often. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly budgetShare: number;
  readonly budgetPerSecond: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** How instances are asked whether they are well. */
export interface HealthCheckPolicy {
  readonly intervalMs: number;
  readonly doubtIntervalMs: number;
  readonly timeoutMs: number;
  readonly jitter: number;
  readonly fall: number;
  readonly rise: number;
}

/** Everything that can be tuned. `policyReference` says of each value why it is what it is, and where that was learnt. */
export interface Policy {
  readonly picker: PickerKind;
  readonly load: LoadPolicy;
  readonly ejection: EjectionPolicy;
  readonly slowness: SlownessPolicy;
  readonly slowStart: SlowStartPolicy;
  readonly affinity: AffinityPolicy;
  readonly retry: RetryPolicy;
  readonly healthCheck: HealthCheckPolicy;
}

/** Part of a policy: what is left out keeps its default. */
export type PolicyOverrides = {
  readonly [Section in keyof Policy]?: Policy[Section] extends string
    ? Policy[Section]
    : Partial<Policy[Section]>;
};

export const defaultPolicy: Policy = {
  picker: 'peak_ewma',
  load: {
    decayMs: 10_000,
    failurePenaltyMs: 5_000,
    fullPenaltyAfter: 3,
    maxRetryAfterMs: 60_000,
    scanUpTo: 3,
  },
  ejection: {
    consecutiveFailures: 5,
    minSuccessRate: 0.8,
    minResults: 5,
    outlierFactor: 4,
    baseMs: 1_000,
    maxMs: 60_000,
    jitter: 0.2,
    forgetAfterMs: 60_000,
    maxEjectedShare: 0.5,
    panicBelow: 0.5,
  },
  slowness: { factor: 5, minLatencyMs: 20, minResults: 5, forMs: 2_000 },
  slowStart: { windowMs: 10_000, minShare: 0.1 },
  affinity: { boundedLoad: 1.25, freePending: 8 },
  retry: { maxRetries: 2, budgetShare: 0.2, budgetPerSecond: 2, baseDelayMs: 25, maxDelayMs: 250 },
  healthCheck: {
    intervalMs: 5_000,
    doubtIntervalMs: 500,
    timeoutMs: 500,
    jitter: 0.2,
    fall: 2,
    rise: 1,
  },
};

/** The defaults with `overrides` on top. Throws an Error that names the first value that makes no sense. */
export function createPolicy(overrides: PolicyOverrides = {}): Policy {
  const policy: Policy = {
    picker: overrides.picker ?? defaultPolicy.picker,
    load: { ...defaultPolicy.load, ...overrides.load },
    ejection: { ...defaultPolicy.ejection, ...overrides.ejection },
    slowness: { ...defaultPolicy.slowness, ...overrides.slowness },
    slowStart: { ...defaultPolicy.slowStart, ...overrides.slowStart },
    affinity: { ...defaultPolicy.affinity, ...overrides.affinity },
    retry: { ...defaultPolicy.retry, ...overrides.retry },
    healthCheck: { ...defaultPolicy.healthCheck, ...overrides.healthCheck },
  };
  checkPolicy(policy);
  return policy;
}
