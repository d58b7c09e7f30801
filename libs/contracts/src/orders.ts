import type { Context } from '@bff/core';
import type { Address, Change, ListQuery, Money, Page, WatchQuery } from './shared-types.ts';

export type OrderStatus = 'pending' | 'confirmed' | 'cancelled';

export interface OrderLine {
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
}

export interface Order {
  orderId: string;
  customerId: string;
  status: OrderStatus;
  lines: readonly OrderLine[];
  total: Money;
  shippingAddress: Address;
  createTime: Date;
  updateTime: Date;
  /** Grows with every change of any order. */
  revision: number;
}

export interface NewOrder {
  lines: readonly OrderLine[];
  shippingAddress: Address;
}

export interface OrderCancellation {
  orderId: string;
  /** `conflict` unless the order is in this revision, or cancelled already. */
  ifRevision?: number | undefined;
}

/**
 * How a BFF uses the order service, whatever carries the calls; the service itself implements the same interface.
 * Another customer's order is `not_found`.
 */
export interface OrdersPort {
  get(request: { orderId: string }, context: Context): Promise<Order>;
  /** Newest first. */
  list(request: ListQuery<OrderStatus>, context: Context): Promise<Page<Order>>;
  /** Starts a pending order. Needs `context.idempotencyKey` to be repeatable. */
  create(request: NewOrder, context: Context): Promise<Order>;
  /** Pending or confirmed → cancelled; a cancelled order stays as it is. */
  cancel(request: OrderCancellation, context: Context): Promise<Order>;
  /** Pending → confirmed; a confirmed order stays as it is. */
  confirm(request: { orderId: string }, context: Context): Promise<Order>;
  /** Cancels what `create` made under this key, if anything; refuses a `create` with it that arrives later. */
  withdraw(request: { idempotencyKey: string }, context: Context): Promise<Order | undefined>;
  /** Every change after a revision, then the changes as they happen, until the context ends. */
  watch(request: WatchQuery, context: Context): AsyncIterable<Change<Order>>;
}
