import { describe, expect, it } from '@jest/globals';
import { orderOperations, paymentOperations, shipmentOperations } from '@bff/contracts';
import { createSampleData } from './sample-data.ts';

const data = createSampleData();
const [example] = data;

describe('sample data', () => {
  it('is the same whoever makes it', () => {
    expect(createSampleData()).toEqual(data);
  });

  it('has 300 orders of alice and bob whose ids and customers line up with payments and shipments', () => {
    expect(data).toHaveLength(300);
    for (const [index, { order, payment, shipment }] of data.entries()) {
      const number = String(index + 1).padStart(4, '0');
      const belongs = { orderId: `ord_${number}`, customerId: order.customerId };
      expect(payment).toMatchObject({ ...belongs, paymentId: `pay_${number}`, amount: order.total });
      if (shipment) expect(shipment).toMatchObject({ ...belongs, shipmentId: `shp_${number}` });
    }
    expect(new Set(data.map(({ order }) => order.customerId))).toEqual(new Set(['alice', 'bob']));
    expect(data.slice(0, 10).map(({ order }) => order.customerId)).toEqual(Array(10).fill('alice'));
  });

  it('has every state of order, payment and shipment, and they fit together', () => {
    const states = (pick: (sample: (typeof data)[number]) => string | undefined) => new Set(data.map(pick));
    expect(states(({ order }) => order.status)).toEqual(new Set(['pending', 'confirmed', 'cancelled']));
    expect(states(({ payment }) => payment.status)).toEqual(
      new Set(['authorised', 'captured', 'voided', 'refunded', 'declined']),
    );
    expect(states(({ shipment }) => shipment?.status)).toEqual(
      new Set([undefined, 'preparing', 'in_transit', 'out_for_delivery', 'delivered', 'cancelled']),
    );
    for (const { order, payment, shipment } of data) {
      if (order.status === 'cancelled') {
        expect(['voided', 'refunded']).toContain(payment.status);
        expect(shipment?.status).toBe('cancelled');
      }
      if (order.status === 'pending') expect(shipment).toBeUndefined();
      if (payment.status === 'declined') expect(order.status).toBe('pending');
    }
  });

  it('tells each history in order, up to the present state', () => {
    for (const { order, payment, shipment } of data) {
      for (const { events, status, updateTime } of shipment ? [payment, shipment] : [payment]) {
        const times = events.map(({ time }) => time.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times[0]).toBeGreaterThan(order.createTime.getTime());
        expect(events.at(-1)).toMatchObject({ status, time: updateTime });
      }
      expect(order.createTime.getTime()).toBeLessThan(Date.UTC(2026, 3, 1));
    }
  });

  it('has the documented example: three lines, paid, on its way, and the courier leaves it alone', () => {
    expect(example?.order).toMatchObject({ customerId: 'alice', status: 'confirmed' });
    expect(example?.order.lines).toHaveLength(3);
    expect(example?.payment.status).toBe('captured');
    expect(example?.shipment?.status).toBe('in_transit');
    expect(example?.shipment?.events).toHaveLength(3);
    const moving = data.filter(({ moves }) => moves).map(({ order }) => order.orderId);
    expect(moving.length).toBeGreaterThan(5);
    expect(moving.every((orderId) => orderId > 'ord_0010')).toBe(true);
  });

  it('makes three bodies of about 2 400 bytes for the example', () => {
    const bytes = (json: unknown) => Buffer.byteLength(JSON.stringify(json));
    const { order, payment, shipment } = example!;
    const total =
      bytes(orderOperations.get.response.toJson(order)) +
      bytes(paymentOperations.get.response.toJson(payment)) +
      bytes(shipmentOperations.get.response.toJson(shipment!));
    expect(total).toBeGreaterThan(2_300);
    expect(total).toBeLessThan(2_800);
  });
});
