import { createSampleData } from '@bff/service-kit';
import type { OrderParts } from '@bff/aggregation';
import type { Shipment } from '@bff/contracts';
import { describe, expect, it } from '@jest/globals';
import { GetOrderGlanceResponse, Source } from '../generated/wearable/v1/wearable_service.ts';
import { presentGlance } from './order-glance.ts';

const [sample] = createSampleData();
const { order, payment, shipment } = sample!;
const parts: OrderParts = {
  order,
  payment: { ok: true, value: payment },
  shipment: { ok: true, value: shipment! },
};
const withShipment = (status: Shipment['status']): OrderParts => ({
  ...parts,
  shipment: { ok: true, value: { ...shipment!, status } },
});

describe('presentGlance', () => {
  it('gives a time of arrival while a parcel is to come, and then no more', () => {
    const expected = Math.floor(shipment!.estimatedDeliveryTime.getTime() / 60_000);
    for (const status of ['preparing', 'in_transit', 'out_for_delivery'] as const) {
      expect(presentGlance(withShipment(status)).etaMinutes).toBe(expected);
    }
    for (const status of ['delivered', 'cancelled'] as const) {
      expect(presentGlance(withShipment(status)).etaMinutes).toBe(0);
    }
    const cancelled = { ...parts, order: { ...order, status: 'cancelled' as const } };
    expect(presentGlance(cancelled).etaMinutes).toBe(0);
    expect(presentGlance({ ...parts, shipment: { ok: false, code: 'unavailable' } }).etaMinutes).toBe(0);
  });

  it('is as new as the newest of its sources, to the minute begun', () => {
    const later = new Date('2026-07-01T12:00:59.999Z');
    const minute = Date.parse('2026-07-01T12:00Z') / 60_000;
    const newer = [
      { ...parts, order: { ...order, updateTime: later } },
      { ...parts, payment: { ok: true, value: { ...payment, updateTime: later } } },
      { ...parts, shipment: { ok: true, value: { ...shipment!, updateTime: later } } },
    ] satisfies OrderParts[];
    for (const changed of newer) expect(presentGlance(changed).updatedMinutes).toBe(minute);
  });

  it('counts pieces and keeps minor units of any currency as they are', () => {
    const yen = { ...order, total: { currency: 'JPY', minorUnits: Number.MAX_SAFE_INTEGER } };
    expect(presentGlance({ ...parts, order: yen })).toMatchObject({
      totalMinorUnits: 9_007_199_254_740_991n,
      currency: 'JPY',
      itemCount: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    });
  });

  it('stays within 48 bytes for a dear order with a long id, partial or not', () => {
    const dear = {
      ...order,
      orderId: 'ord_12345678',
      total: { currency: 'EUR', minorUnits: 999_999_999 },
      lines: Array.from({ length: 100 }, () => ({ ...order.lines[0]!, quantity: 999 })),
    };
    const glance = presentGlance({ ...parts, order: dear });
    const unavailable = [Source.SOURCE_PAYMENT, Source.SOURCE_SHIPMENT];
    const bytes = GetOrderGlanceResponse.encode({ glance, unavailable }).finish();
    expect(bytes.length).toBeLessThanOrEqual(48);
  });
});
