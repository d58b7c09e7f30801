import type { ListOrderOverviews } from '@bff/aggregation';
import type { OrderStatus, PaymentStatus, ShipmentStatus } from '@bff/contracts';
import { AppError } from '@bff/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { GraphqlContext } from '../graphql/graphql-context.ts';
import { presentOrder, type OrderView } from '../present/present-order.ts';
import { dateTime } from './date-time.ts';
import { listOrders, type OrderConnection, type OrdersArguments } from './order-connection.ts';
import { selectedParts } from './selected-parts.ts';

type Resolver<Arguments, Result> = GraphQLFieldResolver<unknown, GraphqlContext, Arguments, Promise<Result>>;

/** Values of an enum by their names in the schema. */
type EnumOf<Value extends string> = Readonly<Record<Uppercase<Value>, Value>>;

/** Fields that are not named here are read from the views in `present/`. A test executes every field of the schema. */
export interface Resolvers {
  Query: {
    node: Resolver<{ id: string }, OrderView>;
    order: Resolver<{ id: string }, OrderView>;
    orders: Resolver<OrdersArguments, OrderConnection>;
  };
  DateTime: typeof dateTime;
  OrderStatus: EnumOf<OrderStatus>;
  PaymentStatus: EnumOf<PaymentStatus>;
  ShipmentStatus: EnumOf<ShipmentStatus>;
}

export interface ResolverOptions {
  listOverviews: ListOrderOverviews;
}

export function createResolvers({ listOverviews }: ResolverOptions): Resolvers {
  return {
    Query: {
      node: (_root, { id }, context, info) => loadOrder(id, context, info),
      order: (_root, { id }, context, info) => loadOrder(id, context, info),
      orders: (_root, page, { context }, info) =>
        listOrders(listOverviews, page, selectedParts(info, ['edges', 'node']), context),
    },
    DateTime: dateTime,
    OrderStatus: { PENDING: 'pending', CONFIRMED: 'confirmed', CANCELLED: 'cancelled' },
    PaymentStatus: {
      AUTHORISED: 'authorised',
      CAPTURED: 'captured',
      VOIDED: 'voided',
      REFUNDED: 'refunded',
      DECLINED: 'declined',
    },
    ShipmentStatus: {
      PREPARING: 'preparing',
      IN_TRANSIT: 'in_transit',
      OUT_FOR_DELIVERY: 'out_for_delivery',
      DELIVERED: 'delivered',
      CANCELLED: 'cancelled',
    },
  };
}

/** What the schema promises of an order's id. Anything else is no order's, and no service needs to be asked. */
const orderId = /^ord_\w{1,60}$/;

async function loadOrder(id: string, context: GraphqlContext, info: GraphQLResolveInfo): Promise<OrderView> {
  if (!orderId.test(id)) throw new AppError('not_found', `There is nothing with the id ${quoted(id)}.`);
  return presentOrder(await context.loadOrder(id, selectedParts(info)));
}

function quoted(id: string): string {
  return JSON.stringify(id.slice(0, 40));
}
