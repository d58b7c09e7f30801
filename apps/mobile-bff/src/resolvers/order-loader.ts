import type { GetOrderOverview, OrderInclude, OrderParts } from '@bff/aggregation';
import { AppError, type Context } from '@bff/core';
import DataLoader from 'dataloader';
import type { GetOrdersById } from '../orders/get-orders-by-id.ts';
import { presentOrder, type OrderView } from '../present/present-order.ts';

interface Wanted {
  readonly orderId: string;
  readonly include: OrderInclude;
}

export type OrderLoader = DataLoader<Wanted, OrderParts>;

export interface OrderLoaderOptions {
  getOverview: GetOrderOverview;
  getOrdersById: GetOrdersById;
}

/** The services' own maximum for one list. */
const maxBatchSize = 100;

/**
 * Loads the orders of one operation. Fields that are resolved in one turn of the event loop are loaded together: an order
 * under several aliases once, several orders by one call to each service, each with the parts that any of its fields selects.
 * Nothing is kept: after a mutation, what is read must be new.
 */
export function createOrderLoader(options: OrderLoaderOptions, context: Context): OrderLoader {
  const load = async (wanted: readonly Wanted[]): Promise<(OrderParts | Error)[]> => {
    const byId = new Map<string, OrderInclude>();
    for (const { orderId, include } of wanted) {
      byId.set(orderId, unite(byId.get(orderId), include));
    }
    const [only, ...more] = [...byId].map(([orderId, include]) => ({ orderId, include }));
    // One order has a call of its own, which other requests for it share and which support may make for anybody's.
    if (only && more.length === 0) {
      const overview = await options.getOverview(only, context);
      return wanted.map(() => overview);
    }
    const found = await options.getOrdersById(byId, context);
    return wanted.map(({ orderId }) => found.get(orderId) ?? notFound(orderId));
  };
  return new DataLoader(load, { cache: false, maxBatchSize });
}

export async function loadOrder(
  loader: OrderLoader,
  orderId: string,
  include: OrderInclude,
): Promise<OrderView> {
  return presentOrder(await loader.load({ orderId, include }));
}

function notFound(orderId: string): AppError {
  return new AppError('not_found', `There is no order ${orderId}.`);
}

function unite(one: OrderInclude | undefined, other: OrderInclude): OrderInclude {
  return {
    payment: Boolean(one?.payment) || Boolean(other.payment),
    shipment: Boolean(one?.shipment) || Boolean(other.shipment),
  };
}
