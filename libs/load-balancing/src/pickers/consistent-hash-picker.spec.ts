import { describe, expect, it } from '@jest/globals';
import { createBalancer } from '../balancer/create-balancer.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';

const policy = { picker: 'consistent_hash' } as const;
const success = { kind: 'success', latencyMs: 5 } as const;
const endpointsNamed = (...ids: string[]) => ids.map((id) => ({ id, url: `http://${id}` }));

function createHashing(...ids: string[]) {
  const clock = new VirtualClock();
  const balancer = createBalancer({
    endpoints: endpointsNamed(...ids),
    policy,
    clock,
    random: createSeededRandom(1),
  });
  const homeOf = (affinityKey: string) => {
    const lease = balancer.acquire({ affinityKey });
    lease.done(success);
    return lease.endpoint.id;
  };
  return { balancer, clock, homeOf };
}

const keys = Array.from({ length: 1_000 }, (_, i) => `customer-${i}`);

describe('consistent hashing', () => {
  it('sends a key to the same endpoint every time', () => {
    const { homeOf } = createHashing('a', 'b', 'c');
    for (const key of keys) expect(homeOf(key)).toBe(homeOf(key));
  });

  it('moves only the keys of the endpoint that went', () => {
    const { balancer, homeOf } = createHashing('a', 'b', 'c');
    const before = keys.map(homeOf);
    balancer.update(endpointsNamed('a', 'c'));
    const moved = keys.filter((key, i) => homeOf(key) !== before[i] && before[i] !== 'b');
    expect(moved).toEqual([]);
  });

  it('passes over an endpoint that has more than its bounded share pending', () => {
    const { balancer } = createHashing('a', 'b', 'c');
    const leases = Array.from({ length: 300 }, () => balancer.acquire({ affinityKey: 'hot' }));
    const most = Math.max(...balancer.endpoints().map(({ pending }) => pending));
    expect(most).toBeLessThanOrEqual(Math.ceil(1.25 * 100) + 1);
    for (const lease of leases) lease.done(success);
  });

  it('distributes keys by weight', () => {
    const { balancer, homeOf } = createHashing('a', 'b');
    balancer.update([
      { id: 'a', url: 'http://a', weight: 3 },
      { id: 'b', url: 'http://b', weight: 1 },
    ]);
    const atA = keys.filter((key) => homeOf(key) === 'a').length;
    expect(atA / keys.length).toBeCloseTo(0.75, 1);
  });
});
