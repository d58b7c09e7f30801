import { untilEnded, type Clock, type Context } from '@bff/core';
import {
  createBalancer,
  createHealthChecker,
  type Discovery,
  type HealthCheck,
  type HealthCheckPolicy,
  type ManagedBalancer,
  type OnBalancerEvent,
  type PolicyOverrides,
} from '@bff/load-balancing';

export interface ManagedEndpointsOptions {
  readonly discovery: Discovery;
  readonly policy: PolicyOverrides;
  readonly healthCheck: HealthCheckPolicy | undefined;
  readonly check: HealthCheck;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnBalancerEvent;
}

/** A balancer with what keeps it up to date: discovery and health checks. */
export interface ManagedEndpoints {
  readonly balancer: ManagedBalancer;
  /** Resolves when the instances are known, which is at once for a list; rejects when the context ends before. */
  discovered(context: Pick<Context, 'signal'>): Promise<void>;
  /**
   * Resolves when the instances are known and each has been asked once whether it is well, or after `limitMs`: what is
   * down must not stop a start. Without health checks it waits for the instances to be known.
   */
  firstHealthRound(limitMs?: number): Promise<void>;
  /** Whether an instance that gets traffic has not been tried. */
  hasUntried(tried: ReadonlySet<string>): boolean;
  /** See `ManagedBalancer.failsOver`. */
  failsOver(tried: ReadonlySet<string>): boolean;
  close(): void;
}

/** Throws an Error when the policy makes no sense. */
export function manageEndpoints(options: ManagedEndpointsOptions): ManagedEndpoints {
  const { discovery, policy, healthCheck, check, clock, random, onEvent } = options;
  const balancer = createBalancer({ endpoints: [], policy, clock, random, onEvent });
  let known = false;
  const { promise: firstList, resolve } = Promise.withResolvers<undefined>();
  const stopDiscovery = discovery.start((endpoints) => {
    balancer.update(endpoints);
    known = true;
    resolve(undefined);
  });
  const checker = healthCheck && createHealthChecker({ balancer, check, clock, random, policy: healthCheck });
  return {
    balancer,
    discovered: async ({ signal }) => {
      if (!known) await untilEnded(firstList, signal);
    },
    firstHealthRound: (limitMs = 1_000) => noLongerThan(limitMs, checker?.firstRound ?? firstList, clock),
    hasUntried: (tried) =>
      balancer.endpoints().some(({ id, state }) => state === 'available' && !tried.has(id)),
    failsOver: (tried) => balancer.failsOver(tried),
    close() {
      stopDiscovery();
      checker?.close();
      balancer.close();
    },
  };
}

async function noLongerThan(limitMs: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const { promise: limit, resolve } = Promise.withResolvers<undefined>();
  const stopTimer = clock.after(limitMs, () => resolve(undefined));
  await Promise.race([work, limit]);
  stopTimer();
}
