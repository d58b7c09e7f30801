import type { OrderOverviewUpdate, WatchedSource } from '@bff/aggregation';
import { presentOrder, type OrderView } from './present-order.ts';

/** `OrderUpdate` of the schema. */
export interface OrderUpdateView {
  cursor: string;
  changed: readonly WatchedSource[];
  order: OrderView;
}

export function presentOrderUpdate({ cursor, changed, ...parts }: OrderOverviewUpdate): OrderUpdateView {
  return { cursor, changed, order: presentOrder(parts) };
}
