import type { GetOrderOverview, OrderInclude, OrderOverview } from '@bff/aggregation';
import type { Context } from '@bff/core';

export type LoadOrder = (orderId: string, include: OrderInclude) => Promise<OrderOverview>;

/**
 * Loads orders for one request. The same order asked for under several aliases is fetched once, with the parts that any
 * of them selects: root fields are resolved in one turn of the event loop, so the fetch starts right after it.
 */
export function createOrderLoader(getOverview: GetOrderOverview, context: Context): LoadOrder {
  const waiting = new Map<string, { include: OrderInclude; overview: Promise<OrderOverview> }>();
  return (orderId, include) => {
    const known = waiting.get(orderId);
    if (known) {
      known.include = unite(known.include, include);
      return known.overview;
    }
    const overview = Promise.resolve().then(() => {
      const wanted = waiting.get(orderId)?.include ?? include;
      waiting.delete(orderId);
      return getOverview({ orderId, include: wanted }, context);
    });
    waiting.set(orderId, { include, overview });
    return overview;
  };
}

function unite(one: OrderInclude, other: OrderInclude): OrderInclude {
  return {
    payment: Boolean(one.payment) || Boolean(other.payment),
    shipment: Boolean(one.shipment) || Boolean(other.shipment),
  };
}
