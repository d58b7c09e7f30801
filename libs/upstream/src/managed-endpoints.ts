import { untilEnded, type Clock, type Context } from '@bff/core';
import {
  createBalancer,
  createHealthChecker,
  type Discovery,
  type Endpoint,
  type HealthCheck,
  type HealthCheckPolicy,
  type ManagedBalancer,
  type OnBalancerEvent,
  type PolicyOverrides,
} from '@bff/load-balancing';
import { SilentInstances } from './silent-instances.ts';

export interface ManagedEndpointsOptions {
  readonly discovery: Discovery;
  readonly policy: PolicyOverrides;
  readonly healthCheck: HealthCheckPolicy | undefined;
  readonly check: HealthCheck;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: OnBalancerEvent;
  /** Told at every check while the instance is silent (see `onceSilent`): connections to it are of no use. */
  readonly onSilent?: (endpoint: Endpoint) => void;
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
  /** See `ManagedBalancer.hasUntried`. */
  hasUntried(tried: ReadonlySet<string>): boolean;
  /** See `ManagedBalancer.failsOver`. */
  failsOver(tried: ReadonlySet<string>): boolean;
  /**
   * Calls `giveUp` once if the health checks of this instance get no answer at all for about 0.7 s (3 s where no other
   * instance works): for streams, which have no time limit. The function returned says that nobody waits any more.
   */
  onceSilent(endpointId: string, giveUp: () => void): () => void;
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
  const silent = new SilentInstances();
  const hasUntried = (tried: ReadonlySet<string>) => balancer.hasUntried(tried);
  const checker =
    healthCheck &&
    createHealthChecker({
      balancer,
      check,
      clock,
      random,
      policy: healthCheck,
      onSilence(id, checksInRow) {
        if (!silent.noAnswer(id, checksInRow, hasUntried(new Set([id])))) return;
        const endpoint = balancer.endpoints().find((known) => known.id === id);
        if (endpoint) options.onSilent?.(endpoint);
      },
    });
  return {
    balancer,
    discovered: async ({ signal }) => {
      if (!known) await untilEnded(firstList, signal);
    },
    firstHealthRound: (limitMs = 1_000) => noLongerThan(limitMs, checker?.firstRound ?? firstList, clock),
    hasUntried,
    failsOver: (tried) => balancer.failsOver(tried),
    onceSilent: (id, giveUp) => silent.onceSilent(id, giveUp),
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
