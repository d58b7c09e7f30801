import {
  createPlan,
  loadLatestByOrder,
  mapPart,
  type OrderInclude,
  type OrderOverviewOptions,
  type OrderParts,
} from '@bff/aggregation';
import type { Context } from '@bff/core';

/** By id: what is wanted of each order beside itself. */
export type OrdersWanted = ReadonlyMap<string, OrderInclude>;

/** The orders that there are for the caller; one that is missing was not found. At most 100 at once. */
export type GetOrdersById = (
  wanted: OrdersWanted,
  context: Context,
) => Promise<ReadonlyMap<string, OrderParts>>;

/** Several orders, named by the client, from one call to each service, all at the same time. */
export function getOrdersById(options: OrderOverviewOptions): GetOrdersById {
  const { ports, partTimeoutMs: timeoutMs } = options;
  const plan = createPlan<OrdersWanted>(options)
    .required('order', {
      load: ({ request }, context) =>
        ports.orders.list({ orderIds: [...request.keys()], pageSize: request.size }, context),
    })
    .optional('payment', {
      timeoutMs,
      when: ({ request }) => idsWith('payment', request).length > 0,
      load: ({ request }, context) => loadLatestByOrder(ports.payments, idsWith('payment', request), context),
    })
    .optional('shipment', {
      timeoutMs,
      when: ({ request }) => idsWith('shipment', request).length > 0,
      load: ({ request }, context) =>
        loadLatestByOrder(ports.shipments, idsWith('shipment', request), context),
    });
  return async (wanted, context) => {
    const { values } = await plan.run(wanted, context);
    return new Map(
      values.order.items.map((order) => [
        order.orderId,
        {
          order,
          payment: mapPart(values.payment, (payments) => payments.get(order.orderId) ?? null),
          shipment: mapPart(values.shipment, (shipments) => shipments.get(order.orderId) ?? null),
        },
      ]),
    );
  };
}

function idsWith(part: keyof OrderInclude, wanted: OrdersWanted): string[] {
  return [...wanted].filter(([, include]) => include[part]).map(([orderId]) => orderId);
}
