import type { Order, OrdersPort, Payment, PaymentsPort, Shipment, ShipmentsPort } from '@bff/contracts';
import { AppError, openChild, type Clock, type Context } from '@bff/core';
import { loadLatestByOrder } from '../order-overview/latest-by-order.ts';
import { toSourceError } from '../plan/source-error.ts';

export interface OrderBatchOptions {
  ports: {
    readonly orders: Pick<OrdersPort, 'list'>;
    readonly payments: Pick<PaymentsPort, 'list'>;
    readonly shipments: Pick<ShipmentsPort, 'list'>;
  };
  clock: Clock;
  /** Ids per call to a service; more are split into several calls, side by side. Default 100. */
  maxBatchSize?: number;
  /** One batch is given up after this many milliseconds. Default: the caller's deadline. */
  timeoutMs?: number;
}

/** For each id, in the order of the ids: the resource, null when there is none, or why it could not be read. */
export type LoadBatch<T> = (
  orderIds: readonly string[],
  context: Context,
) => Promise<readonly (T | null | AppError)[]>;

/** Bulk reads by order id: what a DataLoader's batch function returns. */
export interface OrderBatches {
  readonly orders: LoadBatch<Order>;
  /** The latest payment of each order. */
  readonly payments: LoadBatch<Payment>;
  readonly shipments: LoadBatch<Shipment>;
}

/**
 * Bulk reads that never fail as a whole: a batch that fails gives its error to its own ids. Rejects only when the
 * caller has left.
 */
export function createOrderBatches(options: OrderBatchOptions): OrderBatches {
  const { ports } = options;
  const batches = <T>(source: string, load: LoadOne<T>): LoadBatch<T> => {
    return async (orderIds, context) => {
      const unique = [...new Set(orderIds)];
      const chunks = chunksOf(unique, options.maxBatchSize ?? 100);
      const found = await Promise.all(
        chunks.map(async (chunk) => loadChunk(source, load, chunk, context, options)),
      );
      const all = new Map(found.flatMap((chunk) => [...chunk]));
      return orderIds.map((orderId) => all.get(orderId) ?? null);
    };
  };
  return {
    orders: batches('order', async (orderIds, context) => {
      const { items } = await ports.orders.list({ orderIds, pageSize: orderIds.length }, context);
      return new Map(items.map((order) => [order.orderId, order]));
    }),
    payments: batches('payment', async (orderIds, context) =>
      loadLatestByOrder(ports.payments, orderIds, context),
    ),
    shipments: batches('shipment', async (orderIds, context) =>
      loadLatestByOrder(ports.shipments, orderIds, context),
    ),
  };
}

type LoadOne<T> = (orderIds: readonly string[], context: Context) => Promise<ReadonlyMap<string, T>>;

async function loadChunk<T>(
  source: string,
  load: LoadOne<T>,
  orderIds: readonly string[],
  context: Context,
  { clock, timeoutMs = Infinity }: OrderBatchOptions,
): Promise<ReadonlyMap<string, T | AppError>> {
  const scope = openChild(context, { clock, timeoutMs });
  try {
    return await load(orderIds, scope.context);
  } catch (thrown) {
    if (context.signal.aborted) throw AppError.from(context.signal.reason);
    const error = toSourceError(source, thrown);
    return new Map(orderIds.map((orderId) => [orderId, error]));
  } finally {
    scope.close();
  }
}

function chunksOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
