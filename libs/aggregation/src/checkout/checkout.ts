import type {
  Address,
  Order,
  OrderLine,
  OrdersPort,
  Payment,
  PaymentsPort,
  Shipment,
  ShipmentsPort,
} from '@bff/contracts';
import type { Clock, Context } from '@bff/core';
import type { CheckoutEvent } from './checkout-event.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { CheckoutStore, Sealer } from './state-store.ts';

export interface CheckoutRequest {
  readonly lines: readonly OrderLine[];
  readonly shippingAddress: Address;
  /** The payment provider's token for the card. */
  readonly methodToken: string;
}

export interface CheckoutOutcome {
  readonly order: Order;
  readonly payment: Payment;
  readonly shipment: Shipment;
  /** This is the answer of an earlier request with the same key; nothing was done now. */
  readonly replayed: boolean;
}

export interface CancelOutcome {
  readonly order: Order;
  /** Voided or refunded; null when the order had none. */
  readonly payment: Payment | null;
  /** Cancelled; null when the order had none. */
  readonly shipment: Shipment | null;
}

export interface CheckoutPorts {
  readonly orders: OrdersPort;
  readonly payments: PaymentsPort;
  readonly shipments: ShipmentsPort;
}

export interface CheckoutOptions {
  readonly ports: CheckoutPorts;
  /** Shared by every instance that may finish the work of another. */
  readonly store: CheckoutStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** In [0, 1); spreads the rounds of recovery. */
  readonly random: () => number;
  /** Random bytes as hex; names the requests of a recovery. */
  readonly randomHex: (bytes: number) => string;
  /** Anything left out has its default, `checkoutTimes`. */
  readonly times?: Partial<CheckoutTimes>;
  /** Told of every step, for logs and metrics; must not throw. */
  readonly onEvent?: (event: CheckoutEvent) => void;
}

export interface RecoveryReport {
  /** Unfinished pieces of work that were looked at. */
  readonly found: number;
  /** Of those, the ones that this round brought to their end. */
  readonly finished: number;
}

/** The writes that touch all three services: they end whole or not at all, whoever dies in between. */
export interface Checkout {
  /**
   * Places an order: pays, books the shipment, confirms. Needs `context.principal` and `context.idempotencyKey`.
   * The work goes on when the client leaves; the same request with the same key gives its outcome, for `outcomeLifetimeMs`.
   *
   * Throws `invalid_argument` (no key, or the request is wrong: faults say where), `idempotency_key_reused` (same key,
   * other request), `conflict` with `retryAfterMs` (in flight), `failed_precondition` (payment declined, order cancelled
   * meanwhile), `unavailable` (a service is down and everything was undone: try again with a new key),
   * `deadline_exceeded` (not decided yet: repeat with the same key).
   */
  checkout(request: CheckoutRequest, context: Context): Promise<CheckoutOutcome>;
  /**
   * Stops the shipment, cancels the order, voids or refunds the payment. Repeating it is harmless; what has begun is
   * finished even when this process dies.
   *
   * Throws `not_found`, `permission_denied`, `failed_precondition` (the parcel is on its way: nothing was changed),
   * `conflict` with `retryAfterMs` (being cancelled at this moment), `idempotency_key_reused` (the context's key, when it
   * has one, stood for another order), `deadline_exceeded` and `unavailable` (begun, and finished later).
   */
  cancelOrder(request: { readonly orderId: string }, context: Context): Promise<CancelOutcome>;
  /** One round over the work that others left unfinished. Throws when the store is away. */
  recoverUnfinished(): Promise<RecoveryReport>;
  /** Lets the rounds of recovery begin; they end with `close`. */
  start(): void;
  /** Ends recovery and waits up to `limitMs` (default 5 000) for work in hand; the rest is left to other instances. */
  close(limitMs?: number): Promise<void>;
}
