import type { OrderOverview } from '@bff/aggregation';
import type { Payment, Shipment } from '@bff/contracts';
import { z } from 'zod';
import { presentDate } from './date.ts';
import { presentPart } from './part.ts';
import {
  addressSchema,
  moneySchema,
  orderStatusSchema,
  paymentStatusSchema,
  shipmentStatusSchema,
  timeSchema,
} from './values.ts';

export const paymentSchema = z.object({
  paymentId: z.string(),
  status: paymentStatusSchema,
  method: z.object({ brand: z.string(), lastFour: z.string() }),
  amount: moneySchema,
});

export const shipmentEventSchema = z
  .object({ status: shipmentStatusSchema, time: timeSchema, place: z.string() })
  .describe('One step of a shipment on its way.');

export const shipmentSchema = z.object({
  shipmentId: z.string(),
  status: shipmentStatusSchema,
  carrier: z.string(),
  trackingNumber: z.string(),
  estimatedDeliveryTime: timeSchema,
  events: z.array(shipmentEventSchema).describe('Oldest first.'),
});

/** What the order page shows, and no more: the bytes of the README's order are limited by a test. */
export const orderDetailSchema = z.object({
  orderId: z.string(),
  status: orderStatusSchema,
  createTime: timeSchema,
  lines: z.array(z.object({ name: z.string(), quantity: z.int(), unitPrice: moneySchema })),
  total: moneySchema,
  shippingAddress: addressSchema,
  payment: paymentSchema
    .nullable()
    .describe('`null` when there is none, or when `meta.sources` says why it is missing.'),
  shipment: shipmentSchema
    .nullable()
    .describe('`null` when there is none, or when `meta.sources` says why it is missing.'),
});

export type OrderDetail = z.output<typeof orderDetailSchema>;

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

export function presentPayment(payment: Payment): z.output<typeof paymentSchema> {
  const { paymentId, status, method, amount } = payment;
  const { brand, lastFour } = method;
  return { paymentId, status, method: { brand, lastFour }, amount };
}

export function presentShipment(shipment: Shipment): z.output<typeof shipmentSchema> {
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
