import type { Context } from '@bff/core';
import type { Change, ListQuery, Money, Page, WatchQuery } from './shared-types.ts';

export type PaymentStatus = 'authorised' | 'captured' | 'voided' | 'refunded' | 'declined';

export interface PaymentMethod {
  /** `visa`, `mastercard`, `sepa`. */
  brand: string;
  lastFour: string;
}

export interface PaymentEvent {
  status: PaymentStatus;
  time: Date;
  /** The acquirer's reference. */
  reference: string;
}

export interface Payment {
  paymentId: string;
  orderId: string;
  customerId: string;
  status: PaymentStatus;
  amount: Money;
  method: PaymentMethod;
  events: readonly PaymentEvent[];
  createTime: Date;
  updateTime: Date;
  /** Grows with every change of any payment. */
  revision: number;
}

export interface NewPayment {
  orderId: string;
  amount: Money;
  /** The payment provider's token for the card; `tok_declined` is declined. */
  methodToken: string;
}

/** How a BFF uses the payment service. Another customer's payment is `not_found`. */
export interface PaymentsPort {
  get(request: { paymentId: string }, context: Context): Promise<Payment>;
  /** Newest first. */
  list(request: ListQuery<PaymentStatus>, context: Context): Promise<Page<Payment>>;
  /** Reserves the amount. A declined payment is an answer, not an error. Needs `context.idempotencyKey` to be repeatable. */
  authorise(request: NewPayment, context: Context): Promise<Payment>;
  /** Authorised → captured. As all state changes: a payment that is already there stays as it is. */
  capture(request: { paymentId: string }, context: Context): Promise<Payment>;
  /** Authorised → voided. */
  void(request: { paymentId: string }, context: Context): Promise<Payment>;
  /** Captured → refunded. */
  refund(request: { paymentId: string }, context: Context): Promise<Payment>;
  /** Voids or refunds what `authorise` made under this key, if anything; refuses an `authorise` with it that arrives later. */
  withdraw(request: { idempotencyKey: string }, context: Context): Promise<Payment | undefined>;
  watch(request: WatchQuery, context: Context): AsyncIterable<Change<Payment>>;
}
