import type { OrderParts, Part } from '@bff/aggregation';
import type { OrderStatus, Payment, PaymentStatus, Shipment, ShipmentStatus } from '@bff/contracts';
import { createSampleData } from '@bff/service-kit';
import { describe, expect, it } from '@jest/globals';
import { orderStageToJSON } from '../generated/wearable/v1/wearable_service.ts';
import { orderStageOf, stageRules } from './order-stage.ts';

/** `none`: there is none; `missing`: the service did not answer. */
type Absent = 'none' | 'missing';

const [sample] = createSampleData();
const { order, payment, shipment } = sample!;

function partOf<T extends Payment | Shipment>(value: T, status: T['status'] | Absent): Part<T | null> {
  if (status === 'missing') return { ok: false, code: 'unavailable' };
  return { ok: true, value: status === 'none' ? null : { ...value, status } };
}

function stageOf(ordered: OrderStatus, paid: PaymentStatus | Absent, sent: ShipmentStatus | Absent): string {
  const parts: OrderParts = {
    order: { ...order, status: ordered },
    payment: partOf(payment, paid),
    shipment: partOf(shipment!, sent),
  };
  return orderStageToJSON(orderStageOf(parts)).replace('ORDER_STAGE_', '');
}

/** Order, payment, then the stage by shipment; every combination that there is stands in one of the cells. */
const table = `
order     payment    preparing       in_transit out_for_delivery delivered cancelled       none            missing
pending   authorised PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PLACED          PLACED          PLACED
pending   captured   PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAID            PAID            PAID
pending   voided     PAYMENT_PROBLEM ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAYMENT_PROBLEM PAYMENT_PROBLEM PAYMENT_PROBLEM
pending   declined   PAYMENT_PROBLEM ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAYMENT_PROBLEM PAYMENT_PROBLEM PAYMENT_PROBLEM
pending   refunded   REFUNDED        REFUNDED   REFUNDED         REFUNDED  REFUNDED        REFUNDED        REFUNDED
pending   none       PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PLACED          PLACED          PLACED
pending   missing    PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PLACED          PLACED          PLACED
confirmed authorised PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED CONFIRMED       CONFIRMED       CONFIRMED
confirmed captured   PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAID            PAID            PAID
confirmed voided     PAYMENT_PROBLEM ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAYMENT_PROBLEM PAYMENT_PROBLEM PAYMENT_PROBLEM
confirmed declined   PAYMENT_PROBLEM ON_THE_WAY OUT_FOR_DELIVERY DELIVERED PAYMENT_PROBLEM PAYMENT_PROBLEM PAYMENT_PROBLEM
confirmed refunded   REFUNDED        REFUNDED   REFUNDED         REFUNDED  REFUNDED        REFUNDED        REFUNDED
confirmed none       PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED CONFIRMED       CONFIRMED       CONFIRMED
confirmed missing    PREPARING       ON_THE_WAY OUT_FOR_DELIVERY DELIVERED CONFIRMED       CONFIRMED       CONFIRMED
cancelled authorised CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled captured   CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled voided     CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled declined   CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled refunded   CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled none       CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
cancelled missing    CANCELLED       CANCELLED  CANCELLED        CANCELLED CANCELLED       CANCELLED       CANCELLED
`;

const [header, ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.split(/ +/));
const sentStates = header!.slice(2) as (ShipmentStatus | Absent)[];

describe('orderStageOf', () => {
  it.each(rows.map(([ordered, paid, ...stages]) => ({ ordered, paid, stages })))(
    'of an order that is $ordered with payment $paid',
    ({ ordered, paid, stages }) => {
      const actual = sentStates.map((sent) => stageOf(ordered as OrderStatus, paid as PaymentStatus, sent));
      expect(actual).toEqual(stages);
    },
  );

  it('uses every rule, and every combination has its row', () => {
    expect(new Set(rows.flatMap(([, , ...stages]) => stages)).size).toBe(stageRules.length);
    expect(new Set(rows.map(([ordered, paid]) => `${ordered!} ${paid!}`)).size).toBe(3 * 7);
    expect(sentStates).toHaveLength(7);
  });
});
