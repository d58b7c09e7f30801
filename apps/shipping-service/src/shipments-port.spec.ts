import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Shipment, ShipmentsPort, ShipmentStatus } from '@bff/contracts';
import { callerContext, openTestPort, rejectionOf } from '@bff/service-kit/testing';
import { createShippingService } from './shipping-service.ts';

const address = { recipient: 'A', street: 'Dam 1', postalCode: '1012', city: 'Amsterdam', country: 'NL' };
const route: ShipmentStatus[] = ['preparing', 'in_transit', 'out_for_delivery', 'delivered'];

describe('shipments', () => {
  let port: ShipmentsPort;
  let store: Awaited<ReturnType<typeof openTestPort<Shipment, ShipmentsPort>>>['store'];
  let close: () => Promise<void>;
  const alice = callerContext({ timeoutMs: 60_000 });
  const courier = callerContext({ subject: 'kim', roles: ['courier'], timeoutMs: 60_000 });
  beforeAll(async () => {
    ({ port, store, close } = await openTestPort(createShippingService({ courierIntervalMs: 0 })));
  });
  afterAll(async () => {
    alice.close();
    courier.close();
    await close();
  });
  const createAt = async (position: number) => {
    const { shipmentId } = await port.create({ orderId: 'ord_0001', address }, alice.context);
    for (const status of route.slice(1, position + 1)) {
      await port.advance({ shipmentId, status, place: 'Somewhere' }, courier.context);
    }
    return shipmentId;
  };

  it('start in the warehouse, with a carrier and three days to go', async () => {
    const shipment = await port.create({ orderId: 'ord_0001', address }, alice.context);
    expect(shipment).toMatchObject({ status: 'preparing', carrier: expect.any(String), address });
    expect(shipment.trackingNumber).toMatch(/^[A-Z]{2}\d{12}$/);
    expect(shipment.estimatedDeliveryTime.getTime() - shipment.createTime.getTime()).toBe(3 * 86_400_000);
    expect(shipment.events).toHaveLength(1);
  });

  it.each(route.flatMap((from, position) => route.map((to) => [from, to, position] as const)))(
    'that are %s and reported as %s move by one step, stay, or refuse',
    async (from, to, position) => {
      const shipmentId = await createAt(position);
      const report = port.advance({ shipmentId, status: to, place: 'Depot' }, courier.context);
      const distance = route.indexOf(to) - position;
      if (distance === 0 || distance === 1) {
        const { status, events } = await report;
        expect(status).toBe(to);
        expect(events).toHaveLength(position + 1 + distance);
      } else {
        expect((await rejectionOf(report)).code).toBe('failed_precondition');
        await expect(port.get({ shipmentId }, alice.context)).resolves.toMatchObject({ status: from });
      }
    },
  );

  it.each(route)('that are %s are cancelled only while the courier does not have them', async (from) => {
    const shipmentId = await createAt(route.indexOf(from));
    const cancelled = port.cancel({ shipmentId }, alice.context);
    if (from === 'preparing') {
      await expect(cancelled).resolves.toMatchObject({ status: 'cancelled' });
      const report = port.advance({ shipmentId, status: 'in_transit', place: 'Depot' }, courier.context);
      expect((await rejectionOf(report)).code).toBe('failed_precondition');
    } else {
      expect((await rejectionOf(cancelled)).code).toBe('failed_precondition');
    }
  });

  it('that were made on hold are due for the courier once they are released, which a cancelled one never is', async () => {
    const held = { orderId: 'ord_0001', address, hold: true };
    const { shipmentId } = await port.create(held, alice.context);
    const dueAfter = async () => {
      const due: string[] = [];
      await store.changeDue(500, (shipment) => {
        due.push(shipment.shipmentId);
        return { value: shipment };
      });
      return due;
    };
    expect(await dueAfter()).not.toContain(shipmentId);
    const released = await port.release({ shipmentId }, alice.context);
    await expect(port.release({ shipmentId }, alice.context)).resolves.toEqual(released);
    expect(await dueAfter()).toContain(shipmentId);

    const other = await port.create(held, alice.context);
    await port.cancel({ shipmentId: other.shipmentId }, alice.context);
    const refusal = await rejectionOf(port.release({ shipmentId: other.shipmentId }, alice.context));
    expect(refusal.code).toBe('failed_precondition');
  });

  it('are moved by couriers alone, who must say where', async () => {
    const shipmentId = await createAt(0);
    const step = { shipmentId, status: 'in_transit', place: 'Depot' } as const;
    expect((await rejectionOf(port.advance(step, alice.context))).code).toBe('permission_denied');
    const nowhere = await rejectionOf(port.advance({ ...step, place: ' ' }, courier.context));
    expect(nowhere.faults.map(({ field }) => field)).toEqual(['place']);
  });
});
