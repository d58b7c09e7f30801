import type { OrderParts } from '@bff/aggregation';
import type { Money } from '@bff/contracts';
import { presentDate } from './date.ts';
import type { FieldTable } from './field-selection.ts';
import { presentPart } from './part.ts';

/** One row of the order list. */
export interface OrderSummary {
  orderId: string;
  status: string;
  createTime: string;
  /** Pieces, over all lines. */
  itemCount: number;
  total: Money;
  payment: { status: string } | null;
  shipment: { status: string; estimatedDeliveryTime: string } | null;
}

/** The fields that `fields=` may name. */
export const orderSummaryFields: FieldTable<OrderSummary> = {
  orderId: [],
  status: [],
  createTime: [],
  itemCount: [],
  total: ['currency', 'minorUnits'],
  payment: ['status'],
  shipment: ['status', 'estimatedDeliveryTime'],
};

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
