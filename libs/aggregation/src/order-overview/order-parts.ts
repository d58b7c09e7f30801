import type { Order, OrdersPort, Payment, PaymentsPort, Shipment, ShipmentsPort } from '@bff/contracts';
import type { Clock } from '@bff/core';
import type { AnswerCache } from '../cache/answer-cache.ts';
import type { CacheTimes } from '../cache/cache-rule.ts';
import type { Part } from '../plan/part.ts';
import type { StartSpan } from '../plan/span.ts';
import type { OnSource } from '../plan/source.ts';

/** An order with what the other services know about it. `null` means: there is none (yet). */
export interface OrderParts {
  readonly order: Order;
  readonly payment: Part<Payment | null>;
  readonly shipment: Part<Shipment | null>;
}

/** What else is wanted beside the order; what is not is not fetched. Default: both. */
export interface OrderInclude {
  readonly payment?: boolean | undefined;
  readonly shipment?: boolean | undefined;
}

/** What the overviews need of the services. */
export interface OrderOverviewPorts {
  readonly orders: Pick<OrdersPort, 'get' | 'list'>;
  readonly payments: Pick<PaymentsPort, 'list'>;
  readonly shipments: Pick<ShipmentsPort, 'list'>;
}

export interface OrderOverviewOptions {
  ports: OrderOverviewPorts;
  clock: Clock;
  /** An optional source that has not answered after this many milliseconds is left out. Default: the budget's end. */
  partTimeoutMs?: number;
  /** See `PlanOptions.budgetShare`. */
  budgetShare?: number;
  onSource?: OnSource;
  /** Where answers are kept, and for how long; each user's for himself. Default: nowhere. */
  cache?: AnswerCache | undefined;
  cacheTimes?: CacheTimes | undefined;
  startSpan?: StartSpan | undefined;
}
