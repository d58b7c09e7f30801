import type { OrderOverviewUpdate, Part } from '@bff/aggregation';
import { z } from 'zod';
import { metaSchema, type Meta } from './completeness.ts';
import { orderDetailSchema, presentOrderDetail, type OrderDetail } from './order-detail.ts';

export const changedSchema = z
  .array(z.enum(['order', 'payment', 'shipment']))
  .describe('What is new; empty in an update that is the order as it was found.');

/** The data of one server-sent event: the order page as it is after one change. */
export const orderUpdateSchema = z
  .object({ changed: changedSchema, order: orderDetailSchema, meta: metaSchema })
  .describe('The data of an event: the order page after a change.');

export interface OrderUpdate {
  changed: z.output<typeof changedSchema>;
  order: OrderDetail;
  meta: Meta;
}

export function presentOrderUpdate({ order, payment, shipment, changed }: OrderOverviewUpdate): OrderUpdate {
  return {
    changed: [...changed],
    order: presentOrderDetail({ order, payment, shipment, sources: [] }),
    meta: { sources: [...missing('payment', payment), ...missing('shipment', shipment)] },
  };
}

function missing(source: string, part: Part<unknown>): Meta['sources'] {
  if (part.ok || part.code === 'skipped') return [];
  return [{ source, status: part.code === 'deadline_exceeded' ? 'timeout' : 'unavailable', code: part.code }];
}
