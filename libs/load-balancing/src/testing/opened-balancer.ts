import type { AcquireOptions } from '../balancer.ts';
import { createBalancer } from '../balancer/create-balancer.ts';
import type { BalancerEvent } from '../balancer-event.ts';
import type { FailureKind, Outcome } from '../outcome.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';

export const success: Outcome = { kind: 'success', latencyMs: 50 };
export const failure = (kind: FailureKind): Outcome => ({ kind: 'failure', failure: kind, elapsedMs: 1 });
export const endpointsNamed = (...ids: string[]) => ids.map((id) => ({ id, url: `http://${id}` }));

/** A balancer under virtual time, without jitter, and what a test asks of it. */
export function openBalancer(...ids: string[]) {
  const clock = new VirtualClock();
  const events: BalancerEvent[] = [];
  const balancer = createBalancer({
    endpoints: endpointsNamed(...ids),
    policy: { picker: 'least_request', ejection: { jitter: 0 } },
    clock,
    random: createSeededRandom(1),
    onEvent: (event) => events.push(event),
  });
  const attempt = (outcome: Outcome, options?: AcquireOptions) => {
    const lease = balancer.acquire(options);
    lease.done(outcome);
    return lease.endpoint.id;
  };
  return {
    clock,
    events,
    balancer,
    /** One attempt at one endpoint: all others are excluded. */
    attemptAt(id: string, outcome: Outcome) {
      const others = balancer.endpoints().filter((endpoint) => endpoint.id !== id);
      return attempt(outcome, { exclude: new Set(others.map((endpoint) => endpoint.id)) });
    },
    stateOf: (id: string) => balancer.endpoints().find((endpoint) => endpoint.id === id),
    pickedIds: (times: number, options?: AcquireOptions) =>
      new Set(Array.from({ length: times }, () => attempt(success, options))),
    advance: (ms: number) => clock.runUntil(clock.now() + ms),
  };
}
