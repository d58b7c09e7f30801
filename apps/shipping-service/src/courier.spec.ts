import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Shipment, ShipmentsPort } from '@bff/contracts';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import { createTestKit } from '@bff/server-kit/testing';
import type { BackgroundWork } from '@bff/service-kit';
import { callerContext, openTestPort } from '@bff/service-kit/testing';
import { startCourier } from './courier.ts';
import { createShippingService } from './shipping-service.ts';

const address = { recipient: 'A', street: 'Dam 1', postalCode: '1012', city: 'Delft', country: 'NL' };
const intervalMs = 1_000;

describe('courier', () => {
  let clock: ManualClock;
  let service: Awaited<ReturnType<typeof openTestPort<Shipment, ShipmentsPort>>>;
  let couriers: BackgroundWork[];
  const sam = callerContext({ subject: 'sam', roles: ['support'], timeoutMs: 60_000 });
  const alice = callerContext({ timeoutMs: 60_000 });
  beforeEach(async () => {
    clock = createManualClock(new Date('2026-04-01T00:00:00Z'));
    service = await openTestPort(createShippingService({ courierIntervalMs: 0 }), { clock });
    const { logger } = createTestKit();
    couriers = [1, 2].map(() => startCourier({ store: service.store, clock, logger, intervalMs }));
  });
  afterEach(async () => {
    await Promise.all(couriers.map((courier) => courier.stop()));
    expect(clock.pendingTimers()).toBe(0);
    await service.close();
  });
  const create = () => service.port.create({ orderId: 'ord_0299', address }, alice.context);
  const get = (shipmentId: string) => service.port.get({ shipmentId }, sam.context);

  it('takes a new shipment one step a round to its end, though two replicas run one each', async () => {
    const { shipmentId } = await create();
    const states: string[] = [];
    for (let round = 0; round < 5; round++) {
      await clock.advance(intervalMs);
      states.push((await get(shipmentId)).status);
    }
    expect(states).toEqual(['in_transit', 'out_for_delivery', 'delivered', 'delivered', 'delivered']);
    const { events } = await get(shipmentId);
    expect(events.map(({ place }) => place).slice(1)).toEqual([
      'Delft regional sorting centre',
      'Delft depot',
      'Delft',
    ]);
  });

  it('leaves cancelled shipments where they are', async () => {
    const { shipmentId } = await create();
    const cancelled = await service.port.cancel({ shipmentId }, alice.context);
    await clock.advance(3 * intervalMs);
    await expect(get(shipmentId)).resolves.toEqual(cancelled);
  });

  it('moves sample shipments one after the other, and never the documented ones', async () => {
    const documented = Array.from({ length: 10 }, (_, index) => `ord_${String(index + 1).padStart(4, '0')}`);
    const list = () => service.port.list({ orderIds: documented }, sam.context);
    const before = await list();
    const { revision } = await create();
    await clock.advance(5 * 60_000);
    await expect(list()).resolves.toEqual(before);
    const seen = new Map<string, string>();
    const head = (await create()).revision;
    for await (const change of service.port.watch({ sinceRevision: revision }, sam.context)) {
      seen.set(change.value.shipmentId, change.value.status);
      if (change.revision === head) break;
    }
    const delivered = [...seen.values()].filter((status) => status === 'delivered');
    expect(delivered.length).toBeGreaterThan(5);
  });
});
