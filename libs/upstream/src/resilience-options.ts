import { createPolicy, type Policy, type PolicyOverrides, type Resolve } from '@bff/load-balancing';
import { defaultHedging, type HedgingPolicy } from './hedge.ts';

/** How an upstream behaves when instances fail. Everything has a default; the README says why it is what it is. */
export interface ResilienceOptions {
  /** Picking, ejection, retries and their budget, health checks: `@bff/load-balancing`'s README has every value. */
  readonly policy?: PolicyOverrides;
  /** `hedging.operations` turns hedging on for the operations it names. */
  readonly hedging?: Partial<HedgingPolicy>;
  /** False: instances are judged by their results alone. Default true. */
  readonly healthChecks?: boolean;
  /** HTTP: path that is asked. Default `/readyz`. */
  readonly healthPath?: string;
  /** Between two resolutions of a name or looks at a file, in milliseconds. Defaults 1500 and 1000. */
  readonly discoveryIntervalMs?: number;
  /** Asks the name server. Default: the system's resolver. */
  readonly resolve?: Resolve;
}

export interface Resilience {
  readonly policy: Policy;
  readonly hedging: HedgingPolicy;
}

/**
 * Denser than the balancer's own default, since only a check sees an instance that froze without traffic, and on one
 * machine or in one data centre a check costs a fraction of a millisecond. In the worst case one freezes just after it
 * was asked: out after 500 + 200 + 50 + 200 ms.
 */
const healthCheck = { intervalMs: 500, doubtIntervalMs: 50, timeoutMs: 200 };

/** Fills the defaults in. Throws an Error that names the first value that makes no sense. */
export function completeResilience({ policy = {}, hedging = {} }: ResilienceOptions): Resilience {
  return {
    policy: createPolicy({ ...policy, healthCheck: { ...healthCheck, ...policy.healthCheck } }),
    hedging: { ...defaultHedging, ...hedging },
  };
}
