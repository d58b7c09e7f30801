import type { OrderParts } from '@bff/aggregation';
import { z } from 'zod';
import { presentDate } from './date.ts';
import { presentPart } from './part.ts';
import {
  moneySchema,
  orderStatusSchema,
  paymentStatusSchema,
  shipmentStatusSchema,
  timeSchema,
} from './values.ts';

/** One row of the order list. */
export const orderSummarySchema = z.object({
  orderId: z.string(),
  status: orderStatusSchema,
  createTime: timeSchema,
  itemCount: z.int().describe('Pieces, over all lines.'),
  total: moneySchema,
  payment: z
    .object({ status: paymentStatusSchema })
    .nullable()
    .describe('`null` when there is none, or when `meta.sources` says why it is missing.'),
  shipment: z
    .object({ status: shipmentStatusSchema, estimatedDeliveryTime: timeSchema })
    .nullable()
    .describe('`null` when there is none, or when `meta.sources` says why it is missing.'),
});

export type OrderSummary = z.output<typeof orderSummarySchema>;

export function presentOrderSummary({ order, payment, shipment }: OrderParts): OrderSummary {
  return {
    orderId: order.orderId,
    status: order.status,
    createTime: presentDate(order.createTime),
    itemCount: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: order.total,
    payment: presentPart(payment, ({ status }) => ({ status })),
    shipment: presentPart(shipment, ({ status, estimatedDeliveryTime }) => ({
      status,
      estimatedDeliveryTime: presentDate(estimatedDeliveryTime),
    })),
  };
}
