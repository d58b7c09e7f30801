import type { OrderOverview } from '@bff/aggregation';
import type { Address, Money, Payment, Shipment } from '@bff/contracts';
import { presentDate } from './date.ts';
import type { FieldTable } from './field-selection.ts';
import { presentPart } from './part.ts';

/** What the order page shows, and no more: the bytes of the README's order are limited by a test. */
export interface OrderDetail {
  orderId: string;
  status: string;
  createTime: string;
  lines: { name: string; quantity: number; unitPrice: Money }[];
  total: Money;
  shippingAddress: Address;
  payment: PaymentView | null;
  shipment: ShipmentView | null;
}

interface PaymentView {
  paymentId: string;
  status: string;
  method: { brand: string; lastFour: string };
  amount: Money;
}

interface ShipmentView {
  shipmentId: string;
  status: string;
  carrier: string;
  trackingNumber: string;
  estimatedDeliveryTime: string;
  events: { status: string; time: string; place: string }[];
}

/** The fields that `fields=` may name. */
export const orderDetailFields: FieldTable<OrderDetail> = {
  orderId: [],
  status: [],
  createTime: [],
  lines: ['name', 'quantity', 'unitPrice'],
  total: ['currency', 'minorUnits'],
  shippingAddress: ['recipient', 'street', 'postalCode', 'city', 'country'],
  payment: ['paymentId', 'status', 'method', 'amount'],
  shipment: ['shipmentId', 'status', 'carrier', 'trackingNumber', 'estimatedDeliveryTime', 'events'],
};

/** A payment or shipment that is missing is `null`; `meta` says whether there is none or it could not be had. */
export function presentOrderDetail({ order, payment, shipment }: OrderOverview): OrderDetail {
  return {
    orderId: order.orderId,
    status: order.status,
    createTime: presentDate(order.createTime),
    // Named one by one, here and below: a field that a service adds is not thereby published.
    lines: order.lines.map(({ name, quantity, unitPrice }) => ({ name, quantity, unitPrice })),
    total: order.total,
    shippingAddress: order.shippingAddress,
    payment: presentPart(payment, presentPayment),
    shipment: presentPart(shipment, presentShipment),
  };
}

function presentPayment({ paymentId, status, method, amount }: Payment): PaymentView {
  const { brand, lastFour } = method;
  return { paymentId, status, method: { brand, lastFour }, amount };
}

function presentShipment(shipment: Shipment): ShipmentView {
  const { shipmentId, status, carrier, trackingNumber, estimatedDeliveryTime, events } = shipment;
  return {
    shipmentId,
    status,
    carrier,
    trackingNumber,
    estimatedDeliveryTime: presentDate(estimatedDeliveryTime),
    events: events.map((event) => ({
      status: event.status,
      time: presentDate(event.time),
      place: event.place,
    })),
  };
}
