import type { Change, Order, Payment, Shipment, WatchQuery } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import type { OrderWatchPorts } from '../watch/order-change.ts';
import { orderOf, paymentOf, shipmentOf } from './fake-services.ts';

export interface OpenStream {
  readonly name: string;
  readonly query: WatchQuery;
  readonly context: Context;
  break(error: AppError | undefined): void;
}

/** One service with a change stream, as the real ones behave: own revisions, own customers' resources only. */
export class FakeChanges<T extends { orderId: string; customerId: string; revision: number }> {
  readonly changes: Change<T>[] = [];
  /** Revisions up to this one are no longer kept. */
  forgottenUntil = 0;
  /** When set, calls and new streams fail with it. */
  fault: AppError | undefined;
  readonly #name: string;
  readonly #open: Set<OpenStream>;
  #wake = Promise.withResolvers<undefined>();

  constructor(name: string, open: Set<OpenStream>) {
    this.#name = name;
    this.#open = open;
  }

  publish(value: T): number {
    const revision = (this.changes.at(-1)?.revision ?? 0) + 1;
    this.changes.push({ revision, value: { ...value, revision } });
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers();
    return revision;
  }

  present(orderId: string, context: Context): T[] {
    if (this.fault) throw this.fault;
    const latest = this.changes.findLast(({ value }) => value.orderId === orderId)?.value;
    return latest && latest.customerId === context.principal?.subject ? [latest] : [];
  }

  async *watch(query: WatchQuery, context: Context): AsyncGenerator<Change<T>, undefined> {
    if (this.fault) throw this.fault;
    if (query.sinceRevision > 0 && query.sinceRevision < this.forgottenUntil) {
      throw new AppError('failed_precondition', 'These changes are no longer kept.');
    }
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const reading = { over: false };
    const stream: OpenStream = {
      name: this.#name,
      query,
      context,
      break: (error) => {
        reading.over = true;
        if (error) ended.reject(error);
        else this.#wake.resolve(undefined);
      },
    };
    this.#open.add(stream);
    context.signal.addEventListener('abort', () => stream.break(AppError.from(context.signal.reason)));
    let last = Math.max(query.sinceRevision, this.forgottenUntil);
    try {
      while (!reading.over) {
        const wake = this.#wake.promise;
        for (const change of this.changes.filter(({ revision }) => revision > last)) {
          last = change.revision;
          const { orderId, customerId } = change.value;
          const visible = customerId === context.principal?.subject && query.orderIds?.includes(orderId);
          if (visible) yield change;
        }
        await Promise.race([wake, ended.promise]);
      }
      return undefined;
    } finally {
      this.#open.delete(stream);
    }
  }
}

/** The three services, live, in memory. */
export function createFakeChangeServices() {
  const streams = new Set<OpenStream>();
  const orders = new FakeChanges<Order>('orders', streams);
  const payments = new FakeChanges<Payment>('payments', streams);
  const shipments = new FakeChanges<Shipment>('shipments', streams);
  const ports: OrderWatchPorts = {
    orders: {
      async get({ orderId }, context) {
        const [order] = orders.present(orderId, context);
        if (!order) throw new AppError('not_found', 'There is no such order.');
        return order;
      },
      watch: (query, context) => orders.watch(query, context),
    },
    payments: {
      list: async ({ orderIds = [] }, context) => ({
        items: orderIds.flatMap((orderId) => payments.present(orderId, context)),
        nextPageToken: undefined,
      }),
      watch: (query, context) => payments.watch(query, context),
    },
    shipments: {
      list: async ({ orderIds = [] }, context) => ({
        items: orderIds.flatMap((orderId) => shipments.present(orderId, context)),
        nextPageToken: undefined,
      }),
      watch: (query, context) => shipments.watch(query, context),
    },
  };
  return {
    ports,
    orders,
    payments,
    shipments,
    /** Streams that are open now. */
    streams,
    order: (status: Order['status'], orderId = 'ord_1') => orders.publish({ ...orderOf(orderId), status }),
    payment: (status: Payment['status'], orderId = 'ord_1') => payments.publish(paymentOf(orderId, status)),
    shipment: (status: Shipment['status'], orderId = 'ord_1') =>
      shipments.publish({ ...shipmentOf(orderId), status }),
  };
}
