import type { Address, Money, Order, OrderLine } from '@bff/contracts';
import type { OrderParts, Part } from '@bff/aggregation';
import { missingSource } from '../errors.ts';
import { presentPayment, type PaymentView } from './present-payment.ts';
import { presentShipment, type ShipmentView } from './present-shipment.ts';

/** `Order` of the schema. Functions are called for selected fields only. */
export interface OrderView {
  __typename: 'Order';
  id: string;
  status: Order['status'];
  placedAt: Date;
  updatedAt: Date;
  lines: () => OrderLineView[];
  itemCount: () => number;
  total: Money;
  shippingAddress: Address;
  payment: () => PaymentView | null;
  shipment: () => ShipmentView | null;
}

/** `OrderLine` of the schema. */
export interface OrderLineView extends OrderLine {
  title: string;
}

/** An order as a phone shows it. A part that could not be fetched throws at its own field, which becomes null there. */
export function presentOrder({ order, payment, shipment }: OrderParts): OrderView {
  return {
    __typename: 'Order',
    id: order.orderId,
    status: order.status,
    placedAt: order.createTime,
    updatedAt: order.updateTime,
    lines: () => order.lines.map((line) => ({ ...line, title: titleOf(line.name) })),
    itemCount: () => order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: order.total,
    shippingAddress: order.shippingAddress,
    payment: () => presentPart('payment', payment, presentPayment),
    shipment: () => presentPart('shipment', shipment, presentShipment),
  };
}

/** Catalogue names go «what it is, property, property»; a row on a phone has room for what it is. */
function titleOf(name: string): string {
  const [title = ''] = name.split(',');
  return title.trim() || name;
}

function presentPart<T, View>(
  source: 'payment' | 'shipment',
  part: Part<T | null>,
  present: (value: T) => View,
): View | null {
  if (!part.ok) throw missingSource(source, part.code);
  return part.value === null ? null : present(part.value);
}
