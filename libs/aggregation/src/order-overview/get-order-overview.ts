import type { Context } from '@bff/core';
import type { SourceInput } from '../plan/source.ts';
import { createPlan } from '../plan/plan.ts';
import type { SourceOutcome } from '../plan/source-outcome.ts';
import { orderTag, type CacheRule, type CacheTimes } from '../cache/cache-rule.ts';
import { loadLatestByOrder } from './latest-by-order.ts';
import type { OrderInclude, OrderOverviewOptions, OrderParts } from './order-parts.ts';

export interface OrderOverviewRequest {
  readonly orderId: string;
  readonly include?: OrderInclude;
}

export interface OrderOverview extends OrderParts {
  /** `order`, `payment`, `shipment`: what became of each. */
  readonly sources: readonly SourceOutcome[];
}

export type GetOrderOverview = (request: OrderOverviewRequest, context: Context) => Promise<OrderOverview>;

/**
 * One order with its latest payment and shipment, from three calls at the same time: payment and shipment are
 * looked up by the order's id, so they need not wait for the order. `not_found` when the order is not there, or not this user's.
 */
export function getOrderOverview(options: OrderOverviewOptions): GetOrderOverview {
  const { ports, partTimeoutMs: timeoutMs } = options;
  const cache = overviewCacheRule(options.cacheTimes);
  const plan = createPlan<OrderOverviewRequest>(options)
    .required('order', {
      cache,
      load: ({ request }, context) => ports.orders.get({ orderId: request.orderId }, context),
    })
    .optional('payment', {
      timeoutMs,
      cache,
      when: ({ request }) => request.include?.payment ?? true,
      load: async ({ request }, context) => {
        const found = await loadLatestByOrder(ports.payments, [request.orderId], context);
        return found.get(request.orderId) ?? null;
      },
    })
    .optional('shipment', {
      timeoutMs,
      cache,
      when: ({ request }) => request.include?.shipment ?? true,
      load: async ({ request }, context) => {
        const found = await loadLatestByOrder(ports.shipments, [request.orderId], context);
        return found.get(request.orderId) ?? null;
      },
    });
  return async (request, context) => {
    const { values, sources } = await plan.run(request, context);
    return { ...values, sources };
  };
}

/** One rule for all three: each is what one user may see of one order. */
function overviewCacheRule(
  times: CacheTimes | undefined,
): CacheRule<SourceInput<OrderOverviewRequest, unknown>, unknown> | undefined {
  return (
    times && {
      ...times,
      scope: 'private',
      key: ({ request }) => ({ orderId: request.orderId }),
      tags: ({ request }) => [orderTag(request.orderId)],
    }
  );
}
