import { describe, expect, it } from '@jest/globals';
import { AppError, type Context } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { getOrderOverview } from './order-overview/get-order-overview.ts';
import { listOrderOverviews } from './order-overview/list-order-overviews.ts';
import { shareReads } from './share-reads.ts';
import { createMemoryChannel } from './testing/memory-channel.ts';
import { createFakeServices, orderOf, paymentOf, shipmentOf } from './testing/fake-services.ts';

const times = { freshMs: 1_000, staleWhileRevalidateMs: 0, staleIfErrorMs: 60_000 };

/** How a service may fail: an error status, no connection, a cut one, no answer. */
const outages: [
  string,
  (context: Context, clock: { after(ms: number, run: () => void): unknown }) => Promise<never>,
][] = [
  ['5xx', async () => Promise.reject(new AppError('internal', 'HTTP 503'))],
  ['refused', async () => Promise.reject(new AppError('unavailable', 'ECONNREFUSED'))],
  ['reset', async () => Promise.reject(new AppError('unavailable', 'ECONNRESET'))],
  ['no answer in time', async () => new Promise<never>(() => undefined)],
];

function setUp(cacheTimes = times, channel = createMemoryChannel()) {
  const clock = createManualClock();
  const fault = { run: undefined as ((context: Context) => Promise<never>) | undefined };
  const services = createFakeServices({
    orders: [orderOf('ord_1'), orderOf('ord_2', 'bob')],
    payments: [paymentOf('ord_1', 'captured')],
    shipments: [shipmentOf('ord_1')],
    fault: async (_name, context) => fault.run?.(context),
  });
  const cancel = (_request: { orderId: string }, _context: Context) => Promise.resolve({});
  const orders = { ...services.ports.orders, cancel };
  const ports = { ...services.ports, orders };
  const shared = shareReads({ ports, clock, coalesce: true, cacheTimes, cacheMaxBytes: 1_000_000, channel });
  const options = { ...shared, clock, partTimeoutMs: 300 };
  const open = (subject = 'alice') =>
    openTestContext({ clock, principal: { subject, client: 'web', scopes: [], roles: [] } }).context;
  return {
    clock,
    fault,
    calls: services.calls,
    shared,
    getOverview: getOrderOverview(options),
    list: listOrderOverviews(options),
    open,
  };
}

describe('shared reads', () => {
  it.each(outages)('A7: an older answer stands in for %s, and says so', async (what, outage) => {
    const { clock, fault, getOverview, open } = setUp();
    await getOverview({ orderId: 'ord_1' }, open());
    await clock.advance(5_000);
    fault.run = async (context) => outage(context, clock);
    const answer = getOverview({ orderId: 'ord_1' }, open());
    await clock.advance(2_000);
    const { order, payment, shipment, sources } = await answer;
    expect(order.orderId).toBe('ord_1');
    expect(payment).toMatchObject({ ok: true, stale: true, value: { status: 'captured' } });
    expect(shipment).toMatchObject({ ok: true, stale: true });
    for (const source of sources) {
      expect(source).toMatchObject({ status: 'stale', code: undefined });
      expect(source.ageMs).toBeGreaterThanOrEqual(5_000);
    }
    process.stdout.write(`A7: stale answer of three sources for ${what}\n`);
  });

  it.each(outages)('A7: nobody gets another user’s answer for %s', async (_what, outage) => {
    const { clock, fault, getOverview, open } = setUp();
    await getOverview({ orderId: 'ord_1' }, open('alice'));
    await clock.advance(5_000);
    fault.run = async (context) => outage(context, clock);
    const answer = Promise.allSettled([getOverview({ orderId: 'ord_1' }, open('bob'))]);
    await clock.advance(2_000);
    expect((await answer)[0].status).toBe('rejected');
  });

  it('a page is kept like a screen, and apart from it', async () => {
    const { calls, getOverview, list, open } = setUp();
    const first = await list({}, open());
    await getOverview({ orderId: 'ord_1' }, open());
    expect(calls).toHaveLength(6);
    const again = await list({}, open());
    expect(calls).toHaveLength(6);
    expect(again.items).toEqual(first.items);
    expect(again.sources.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  });

  it('a missing part is never kept, only what the other sources said', async () => {
    const { fault, calls, getOverview, open, shared } = setUp();
    fault.run = async () => {
      if (calls.at(-1)?.name === 'payments.list') throw new AppError('unavailable', 'gone');
      return undefined as never;
    };
    expect((await getOverview({ orderId: 'ord_1' }, open())).payment.ok).toBe(false);
    expect(shared.state().answers.entries).toBe(2);
    fault.run = undefined;
    expect((await getOverview({ orderId: 'ord_1' }, open())).payment).toMatchObject({ ok: true });
    expect(calls).toHaveLength(4);
  });

  it('what a user wrote to is read anew, by him and by whoever else sees that order', async () => {
    const { calls, getOverview, open, shared } = setUp();
    await getOverview({ orderId: 'ord_1' }, open());
    await shared.ports.orders.cancel({ orderId: 'ord_1' }, open('somebody'));
    await getOverview({ orderId: 'ord_1' }, open());
    expect(calls).toHaveLength(6);
  });

  it('nothing is kept with all times 0', async () => {
    const { calls, getOverview, open, shared } = setUp({
      freshMs: 0,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
    });
    await getOverview({ orderId: 'ord_1' }, open());
    await getOverview({ orderId: 'ord_1' }, open());
    expect(calls).toHaveLength(6);
    expect(shared.cache).toBeUndefined();
    expect(shared.state()).toEqual({ flights: 0, answers: { entries: 0, bytes: 0 } });
  });

  it('what is written at one instance is read anew at all of them', async () => {
    const channel = createMemoryChannel();
    const [here, there] = [setUp(times, channel), setUp(times, channel)];
    await there.getOverview({ orderId: 'ord_1' }, there.open());
    await here.shared.writePorts.orders.cancel({ orderId: 'ord_1' }, here.open());
    await there.getOverview({ orderId: 'ord_1' }, there.open());
    expect(there.calls).toHaveLength(6);
    here.shared.close();
    there.shared.close();
    expect(channel.listeners.size).toBe(0);
  });

  it.each(['of somebody else here', 'at another instance', 'that nobody here heard of'])(
    'a read that began before a write %s is not kept by who asks after it',
    async (where) => {
      const channel = createMemoryChannel();
      const [here, there] = [setUp(times, channel), setUp(times, channel)];
      const slow = new Promise<never>((resolve) => here.clock.after(50, () => resolve(undefined as never)));
      here.fault.run = async () => slow;
      const before = here.getOverview({ orderId: 'ord_1' }, here.open());
      if (where === 'that nobody here heard of') channel.comeBack();
      else {
        const writer = where === 'at another instance' ? there : here;
        await writer.shared.writePorts.orders.cancel({ orderId: 'ord_1' }, writer.open('support'));
      }
      const after = here.getOverview({ orderId: 'ord_1' }, here.open());
      await here.clock.advance(50);
      await Promise.all([before, after]);
      expect(here.calls).toHaveLength(6);
      expect(here.shared.state()).toMatchObject({ flights: 0, answers: { entries: 3 } });
    },
  );
});
