import { afterEach, describe, expect, it } from '@jest/globals';
import type { Behaviour } from './testing/fake-service.ts';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
afterEach(() => bff.close());

const detail = '/v1/orders/ord_0001';
const callsOf = () => [bff.orders, bff.payments, bff.shipments].map(({ calls }) => calls.length);
const as = async (sub: string) => ({
  authorization: `Bearer ${await bff.token({ sub, roles: ['support'] })}`,
});

/** Reads that shared the call of another, as the metrics count them. */
async function followers(): Promise<number> {
  const lines = (await bff.kit.metrics.expose()).match(/^coalesced_reads_total\{.*\} \d+$/gm) ?? [];
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('identical screens at the same time', () => {
  it('cost one user three calls and two users six, and leave nothing behind', async () => {
    // However slowly they arrive on a busy machine.
    const patience = { REQUEST_TIMEOUT_MS: '12000', SERVICE_TIMEOUT_MS: '12000', PART_TIMEOUT_MS: '12000' };
    bff = await openTestBff(patience);
    const services = [bff.orders, bff.payments, bff.shipments];
    for (const service of services) service.behaviour = 'holds';
    const users = await Promise.all([as('sam'), as('sue')]);
    const screens = Array.from({ length: 100 }, (_, index) => bff.get(detail, users[index % 2]));
    // All but the first of each user follow somebody, in three reads each.
    while ((await followers()) < 98 * 3) await new Promise((resolve) => setImmediate(resolve));
    for (const service of services) service.release();
    const statuses = (await Promise.all(screens)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    process.stdout.write(`A4: 100 screens of two users, ${callsOf().join(' + ')} calls\n`);
    expect(callsOf()).toEqual([2, 2, 2]);
    expect(bff.info()['reads']).toMatchObject({ flights: 0 });
  });
});

describe('kept answers', () => {
  it.each<Behaviour | 'stopped'>(['fails', 'resets', 'breaks', 'hangs', 'stopped'])(
    'stand in for a service that %s, with their age, for their own user alone',
    async (behaviour) => {
      bff = await openTestBff({
        CACHE_STALE_IF_ERROR_MS: '60000',
        PART_TIMEOUT_MS: '400',
        SERVICE_TIMEOUT_MS: '300',
      });
      const complete = await bff.get(detail, await as('sam'));
      expect(await complete.json()).toMatchObject({
        payment: { paymentId: 'pay_0001' },
        meta: { sources: [] },
      });
      if (behaviour === 'stopped') await bff.payments.stop();
      else bff.payments.behaviour = behaviour;
      const stale = await bff.get(detail, await as('sam'));
      expect([stale.headers.get('x-completed'), stale.headers.get('cache-control')]).toEqual([
        'true',
        'private, no-cache',
      ]);
      expect(await stale.json()).toMatchObject({
        payment: { paymentId: 'pay_0001' },
        meta: { sources: [{ source: 'payment', status: 'stale' }] },
      });
      const other = await bff.get(detail, await as('sue'));
      expect(await other.json()).toMatchObject({ payment: null, meta: { sources: [{ source: 'payment' }] } });
      expect(other.headers.get('x-completed')).toBe('false');
    },
  );
});
