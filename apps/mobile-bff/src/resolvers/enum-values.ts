import type { WatchedSource } from '@bff/aggregation';
import type { OrderStatus, PaymentStatus, ShipmentStatus } from '@bff/contracts';

/** Values of an enum by their names in the schema. */
type EnumOf<Value extends string> = Readonly<Record<Uppercase<Value>, Value>>;

const orderStatuses: EnumOf<OrderStatus> = {
  PENDING: 'pending',
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
};

const paymentStatuses: EnumOf<PaymentStatus> = {
  AUTHORISED: 'authorised',
  CAPTURED: 'captured',
  VOIDED: 'voided',
  REFUNDED: 'refunded',
  DECLINED: 'declined',
};

const shipmentStatuses: EnumOf<ShipmentStatus> = {
  PREPARING: 'preparing',
  IN_TRANSIT: 'in_transit',
  OUT_FOR_DELIVERY: 'out_for_delivery',
  DELIVERED: 'delivered',
  CANCELLED: 'cancelled',
};

const orderParts: EnumOf<WatchedSource> = { ORDER: 'order', PAYMENT: 'payment', SHIPMENT: 'shipment' };

/** What the names in the schema stand for; a name too few or too many does not compile. */
export const enumValues = {
  OrderStatus: orderStatuses,
  PaymentStatus: paymentStatuses,
  ShipmentStatus: shipmentStatuses,
  OrderPart: orderParts,
};
