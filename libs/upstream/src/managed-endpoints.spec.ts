import { describe, expect, it } from '@jest/globals';
import type { ResolvedAddress } from '@bff/load-balancing';
import { openVirtualUpstream } from './testing/open-virtual-upstream.ts';
import { failureOf, order } from './testing/stand-in.ts';

/** An upstream whose instances a name server tells. */
function openNamed(resolve: () => Promise<readonly ResolvedAddress[]>) {
  return openVirtualUpstream(async () => order, {
    urls: 'dns+http://orders:3000',
    resolve,
    policy: { picker: 'round_robin' },
  });
}

const at = (...addresses: string[]) => addresses.map((address) => ({ address }));

describe('discovery', () => {
  it('lets first calls wait until the instances are known, but not beyond their deadline', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly ResolvedAddress[]>();
    const { orders, clock, openRequest, seen } = openNamed(() => promise);
    const hurried = failureOf(orders.get({ orderId: 'o' }, openRequest({ timeoutMs: 100 }).context));
    const patient = orders.get({ orderId: 'o' }, openRequest().context);
    await clock.advance(200);
    expect((await hurried).code).toBe('deadline_exceeded');
    resolve(at('10.0.0.1'));
    await clock.advance(1);
    expect(await patient).toBe(order);
    expect(seen.map(({ endpointId }) => endpointId)).toEqual(['10.0.0.1:3000']);
  });

  it('sends to an instance that appears within 2 s, and forgets one that is gone once it owes nothing', async () => {
    let addresses = at('10.0.0.1');
    const { orders, clock, openRequest, seen, forgotten, upstream } = openNamed(async () => addresses);
    const { context } = openRequest({ timeoutMs: 1_000_000 });
    await clock.advance(1);
    addresses = at('10.0.0.1', '10.0.0.2');
    await clock.advance(2_000);
    for (let call = 0; call < 100; call++) await orders.get({ orderId: 'o' }, context);
    expect(seen.map(({ endpointId }) => endpointId)).toContain('10.0.0.2:3000');
    addresses = at('10.0.0.2');
    await clock.advance(2_000);
    expect(forgotten).toEqual(['10.0.0.1:3000']);
    expect(upstream.endpoints().map(({ id }) => id)).toEqual(['10.0.0.2:3000']);
  });

  it('keeps the last good list when the answer is empty or none, and says so', async () => {
    let answer = async (): Promise<readonly ResolvedAddress[]> => at('10.0.0.1');
    const { clock, upstream, events } = openNamed(() => answer());
    await clock.advance(1);
    answer = async () => [];
    await clock.advance(2_000);
    answer = () => Promise.reject(new Error('SERVFAIL'));
    await clock.advance(2_000);
    expect(upstream.endpoints()).toMatchObject([{ id: '10.0.0.1:3000', state: 'available' }]);
    expect(events.filter(({ kind }) => kind === 'discovery_failed').length).toBeGreaterThanOrEqual(2);
  });

  it('ends with its upstream', async () => {
    const { clock, upstream } = openNamed(async () => at('10.0.0.1'));
    await clock.advance(1);
    await upstream.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('the first health round', () => {
  /** Virtual milliseconds until it ends, in steps of 50. */
  async function roundOf(overrides: Parameters<typeof openVirtualUpstream>[1], limitMs?: number) {
    const { upstream, clock } = openVirtualUpstream(async () => order, overrides);
    let took = NaN;
    void upstream.firstHealthRound(limitMs).then(() => (took = clock.now()));
    while (Number.isNaN(took)) await clock.advance(50);
    await upstream.close();
    await clock.advance(1);
    expect(clock.pendingTimers()).toBe(0);
    return took;
  }

  it('ends when all instances have been asked', async () => {
    expect(await roundOf({ healthChecks: true })).toBe(0);
  });

  it('waits for the name, and then for those it stands for', async () => {
    let asked = 0;
    // The name server is down when the process starts, as after a power cut.
    const resolve = async () => {
      if (asked++ === 0) throw new Error('SERVFAIL');
      return at('10.0.0.1');
    };
    const named = { urls: 'dns+http://orders:3000', resolve, discoveryIntervalMs: 300 };
    const took = await roundOf({ ...named, healthChecks: true });
    expect(took).toBeGreaterThanOrEqual(300);
    expect(took).toBeLessThan(500);
  });

  it('lasts no longer than it may', async () => {
    const silent = { urls: 'dns+http://orders:3000', resolve: () => new Promise<never>(() => undefined) };
    expect(await roundOf({ ...silent, healthChecks: true })).toBe(1_000);
    expect(await roundOf({ ...silent, healthChecks: false }, 200)).toBe(200);
  });

  it('ends at once without health checks, where a list says who is there', async () => {
    expect(await roundOf({ healthChecks: false })).toBe(0);
  });
});
