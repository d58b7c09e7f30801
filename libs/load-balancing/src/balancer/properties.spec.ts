import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Lease } from '../balancer.ts';
import type { BalancerEvent } from '../balancer-event.ts';
import type { Outcome } from '../outcome.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { createBalancer } from './create-balancer.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const endpoints = (chosen: readonly string[]) => chosen.map((id) => ({ id, url: `http://${id}` }));

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    kind: fc.constant('success' as const),
    latencyMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('failure' as const),
    failure: fc.constantFrom('refused', 'reset', 'timeout', 'server_error', 'overloaded'),
    elapsedMs: fc.nat(2_000),
  }),
  fc.record({ kind: fc.constant('cancelled' as const), elapsedMs: fc.nat(2_000) }),
);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('acquire' as const),
      exclude: fc.subarray(ids),
      stream: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('done' as const), which: fc.nat(), outcome, twice: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(20_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('update' as const), ids: fc.subarray(ids) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('health' as const),
      id: fc.constantFrom(...ids),
      healthy: fc.boolean(),
    }),
  },
);

const picker = fc.constantFrom('peak_ewma', 'least_request', 'round_robin', 'consistent_hash');

/** The balancer under a generated history, beside a model of what is known and what is out. */
function createHistory(
  pickerKind: 'peak_ewma' | 'least_request' | 'round_robin' | 'consistent_hash',
  seed: number,
) {
  const clock = new VirtualClock();
  let known: readonly string[] = ids.slice(0, 3);
  const open: Lease[] = [];
  const ejected = new Set<string>();
  const onEvent = (event: BalancerEvent) => {
    if (event.kind === 'returned' || event.kind === 'drained') ejected.delete(event.endpoint.id);
    if (event.kind !== 'ejected') return;
    ejected.add(event.endpoint.id);
    // Health checks may take everybody out, and panic copes with that; results never do.
    if (event.reason === 'unhealthy' || event.reason === 'probe_failed') return;
    expect(known.filter((id) => !ejected.has(id)).length).toBeGreaterThanOrEqual(1);
    expect(known.filter((id) => ejected.has(id)).length).toBeLessThanOrEqual(known.length / 2);
  };
  const balancer = createBalancer({
    endpoints: endpoints(known),
    policy: { picker: pickerKind },
    clock,
    random: createSeededRandom(seed),
    onEvent,
  });
  return {
    balancer,
    clock,
    open,
    knows: (id: string) => known.includes(id),
    update(chosen: readonly string[]) {
      if (chosen.length > 0) known = chosen;
      balancer.update(endpoints(chosen));
    },
    /** What the balancer says is pending is what is out, for each endpoint. */
    checkPending() {
      const all = balancer.endpoints();
      for (const { id, pending } of all) {
        expect(pending).toBe(open.filter(({ endpoint }) => endpoint.id === id).length);
      }
      expect(all.reduce((sum, { pending }) => sum + pending, 0)).toBe(open.length);
    },
  };
}

describe('the balancer under any history', () => {
  it('releases each lease once, picks nothing that was removed, and leaves one that is not ejected', () => {
    fc.assert(
      fc.property(picker, fc.integer(), fc.array(step, { maxLength: 80 }), (pickerKind, seed, steps) => {
        const history = createHistory(pickerKind, seed);
        const { balancer, clock, open } = history;
        for (const next of steps) {
          if (next.do === 'acquire') {
            const lease = balancer.acquire({ exclude: new Set(next.exclude), stream: next.stream });
            expect(history.knows(lease.endpoint.id)).toBe(true);
            open.push(lease);
          } else if (next.do === 'done' && open.length > 0) {
            const [lease] = open.splice(next.which % open.length, 1);
            lease?.done(next.outcome);
            if (next.twice) lease?.done(next.outcome);
          } else if (next.do === 'advance') clock.runUntil(clock.now() + next.ms);
          else if (next.do === 'update') history.update(next.ids);
          else if (next.do === 'health') balancer.setHealth(next.id, next.healthy);
          history.checkPending();
        }
        for (const lease of open.splice(0)) lease.done({ kind: 'success', latencyMs: 1 });
        history.checkPending();
        expect(balancer.endpoints().every(({ state }) => state !== 'draining')).toBe(true);
        expect(clock.pendingTimers()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
