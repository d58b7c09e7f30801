import type { OrderParts } from '@bff/aggregation';
import { OrderStage, type OrderGlance } from '../generated/wearable/v1/wearable_service.ts';
import { orderStageOf } from './order-stage.ts';

/** An order as a wrist shows it. */
export function presentGlance(parts: OrderParts): OrderGlance {
  const { order } = parts;
  const stage = orderStageOf(parts);
  return {
    orderId: order.orderId,
    stage,
    totalMinorUnits: BigInt(order.total.minorUnits),
    currency: order.total.currency,
    itemCount: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    etaMinutes: etaOf(parts, stage),
    updatedMinutes: minutesOf(lastChange(parts)),
  };
}

const expecting: readonly OrderStage[] = [
  OrderStage.ORDER_STAGE_PREPARING,
  OrderStage.ORDER_STAGE_ON_THE_WAY,
  OrderStage.ORDER_STAGE_OUT_FOR_DELIVERY,
];

/** 0 unless a parcel is to come: a time of arrival beside «cancelled» or «delivered» would mislead. */
function etaOf({ shipment }: OrderParts, stage: OrderStage): number {
  if (!shipment.ok || shipment.value === null || !expecting.includes(stage)) return 0;
  return minutesOf(shipment.value.estimatedDeliveryTime);
}

function lastChange({ order, payment, shipment }: OrderParts): Date {
  const parts = [payment, shipment].flatMap((part) => (part.ok && part.value ? [part.value] : []));
  return new Date(Math.max(...[order, ...parts].map(({ updateTime }) => updateTime.getTime())));
}

/** Whole minutes since the epoch: four bytes on the wire where a Timestamp takes eight to twelve. */
function minutesOf(time: Date): number {
  return Math.floor(time.getTime() / 60_000);
}
