import type { OrderParts, Part } from '@bff/aggregation';
import type { OrderStatus, PaymentStatus, ShipmentStatus } from '@bff/contracts';
import { OrderStage } from '../generated/wearable/v1/wearable_service.ts';

/** Fits when every status it names is the order's own; a status that it does not name may be anything. */
export interface StageRule {
  readonly order?: OrderStatus;
  readonly payment?: readonly PaymentStatus[];
  readonly shipment?: ShipmentStatus;
  readonly stage: OrderStage;
}

/**
 * Three status machines as one stage; the first rule that fits decides. The reasons for the order:
 *
 * - An order that was called off will not come, whatever its parcel and its money still do.
 * - Money that went back closes the order for the customer, delivered or not.
 * - Where the parcel is counts for more than how it is paid: nobody on a doorstep waits for a bank.
 * - A payment that fell through stops an order that is still in the house, and the customer has to act.
 * - Packing says more than paid, paid more than confirmed.
 *
 * No rule asks for «no payment» or «no shipment», so what is not there yet and what could not be read (a service was
 * unavailable) look the same: the stage is then what the rest says, never more than is known. A cancelled shipment
 * of a live order counts as none: another one follows, or the order is called off next.
 */
export const stageRules: readonly StageRule[] = [
  { order: 'cancelled', stage: OrderStage.ORDER_STAGE_CANCELLED },
  { payment: ['refunded'], stage: OrderStage.ORDER_STAGE_REFUNDED },
  { shipment: 'delivered', stage: OrderStage.ORDER_STAGE_DELIVERED },
  { shipment: 'out_for_delivery', stage: OrderStage.ORDER_STAGE_OUT_FOR_DELIVERY },
  { shipment: 'in_transit', stage: OrderStage.ORDER_STAGE_ON_THE_WAY },
  { payment: ['declined', 'voided'], stage: OrderStage.ORDER_STAGE_PAYMENT_PROBLEM },
  { shipment: 'preparing', stage: OrderStage.ORDER_STAGE_PREPARING },
  { payment: ['captured'], stage: OrderStage.ORDER_STAGE_PAID },
  { order: 'confirmed', stage: OrderStage.ORDER_STAGE_CONFIRMED },
  { order: 'pending', stage: OrderStage.ORDER_STAGE_PLACED },
];

/** Where the order stands, by `stageRules`. */
export function orderStageOf({ order, payment, shipment }: OrderParts): OrderStage {
  const paid = statusOf(payment);
  const sent = statusOf(shipment);
  const rule = stageRules.find(
    (candidate) =>
      (candidate.order === undefined || candidate.order === order.status) &&
      (candidate.payment === undefined || (paid !== undefined && candidate.payment.includes(paid))) &&
      (candidate.shipment === undefined || candidate.shipment === sent),
  );
  return rule?.stage ?? OrderStage.ORDER_STAGE_UNSPECIFIED;
}

function statusOf<Status>(part: Part<{ readonly status: Status } | null>): Status | undefined {
  return part.ok ? part.value?.status : undefined;
}
