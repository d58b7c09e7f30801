import type { Checkout, ListOrderOverviews, WatchOrder } from '@bff/aggregation';
import { AppError, hasRole, type Context, type Principal } from '@bff/core';
import type { Resolvers } from '../generated/resolver-types.ts';
import { createMutations } from './create-mutations.ts';
import { createSubscriptions } from './create-subscriptions.ts';
import { dateTime } from './date-time.ts';
import { enumValues } from './enum-values.ts';
import { listOrders } from './order-connection.ts';
import { checkOrderId } from './order-id.ts';
import { loadOrder } from './order-loader.ts';
import { selectedParts } from './selected-parts.ts';

export interface ResolverOptions {
  listOverviews: ListOrderOverviews;
  checkout: Pick<Checkout, 'checkout' | 'cancelOrder'>;
  watchOrder: WatchOrder;
}

/** Fields that are not named here are read from the views in `present/`. A test executes every field of the schema. */
export function createResolvers({ listOverviews, checkout, watchOrder }: ResolverOptions): Resolvers {
  return {
    Query: {
      me: (_root, _none, { context }) => presentViewer(principalOf(context)),
      node: (_root, { id }, { orders }, info) => loadOrder(orders, checkOrderId(id), selectedParts(info)),
      order: (_root, { id }, { orders }, info) => loadOrder(orders, checkOrderId(id), selectedParts(info)),
      orders: (_root, page, { context }, info) =>
        listOrders(listOverviews, page, selectedParts(info, ['edges', 'node']), context),
    },
    Mutation: createMutations(checkout),
    Subscription: createSubscriptions(watchOrder),
    Node: { __resolveType: () => 'Order' },
    DateTime: dateTime,
    ...enumValues,
  };
}

function presentViewer(principal: Principal) {
  return { id: principal.subject, isSupport: hasRole(principal, 'support') };
}

function principalOf({ principal }: Context): Principal {
  if (!principal) throw new AppError('unauthenticated', 'An access token is required.');
  return principal;
}
