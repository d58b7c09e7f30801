import type { OrderOverviewUpdate, WatchOrder } from '@bff/aggregation';
import type { SubscriptionResolvers } from '../generated/resolver-types.ts';
import { presentOrderUpdate } from '../present/present-order-update.ts';
import { checkOrderId } from './order-id.ts';
import { selectedParts } from './selected-parts.ts';

/** Live updates: graphql pulls one after the other, so a reader who is slow makes nobody wait and nothing grow. */
export function createSubscriptions(watchOrder: WatchOrder): SubscriptionResolvers {
  return {
    orderUpdated: {
      subscribe: (_root, { id, after }, { context }, info) =>
        watchOrder(
          {
            orderId: checkOrderId(id),
            after: after ?? undefined,
            include: selectedParts(info, ['order']),
          },
          context,
        ),
      // graphql types the event as any; it is what `subscribe` gave.
      resolve: (update: OrderOverviewUpdate) => presentOrderUpdate(update),
    },
  };
}
