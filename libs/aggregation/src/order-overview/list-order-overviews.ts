import type { Order, OrderStatus, Page } from '@bff/contracts';
import { AppError, hasRole, type Context } from '@bff/core';
import { orderTag, type CacheRule, type CacheTimes } from '../cache/cache-rule.ts';
import { mapPart } from '../plan/part.ts';
import { createPlan } from '../plan/plan.ts';
import type { SourceInput } from '../plan/source.ts';
import type { SourceOutcome } from '../plan/source-outcome.ts';
import { loadLatestByOrder } from './latest-by-order.ts';
import type { OrderInclude, OrderOverviewOptions, OrderParts } from './order-parts.ts';

export interface OrderOverviewsRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
  readonly status?: OrderStatus | undefined;
  /** Whose orders; default: the caller's own. Another customer's only for support. */
  readonly customerId?: string | undefined;
  readonly include?: OrderInclude;
}

export interface OrderOverviewPage {
  readonly items: readonly OrderParts[];
  readonly nextPageToken: string | undefined;
  /** `order`, `payment`, `shipment`: what became of each, for the page as a whole. */
  readonly sources: readonly SourceOutcome[];
}

export type ListOrderOverviews = (
  request: OrderOverviewsRequest,
  context: Context,
) => Promise<OrderOverviewPage>;

/**
 * A page of one customer's orders, newest first, with their latest payments and shipments: one call for the orders,
 * then one each for all payments and all shipments of the page.
 */
export function listOrderOverviews(options: OrderOverviewOptions): ListOrderOverviews {
  const plan = createOverviewsPlan(options);
  return async (request, context) => {
    // Before the plan: what is wrong with the request is not the failure of a source.
    const customerId = customerToList(request.customerId, context);
    const { values, sources } = await plan.run({ ...request, customerId }, context);
    return {
      items: values.order.items.map((order) => ({
        order,
        payment: mapPart(values.payment, (payments) => payments.get(order.orderId) ?? null),
        shipment: mapPart(values.shipment, (shipments) => shipments.get(order.orderId) ?? null),
      })),
      nextPageToken: values.order.nextPageToken,
      sources,
    };
  };
}

/** What the payments and shipments of a page depend on. */
type PageInput = SourceInput<OrderOverviewsRequest, { readonly order: Page<Order> }>;

function createOverviewsPlan(options: OrderOverviewOptions) {
  const { ports, partTimeoutMs: timeoutMs, cacheTimes } = options;
  const { ofPage, ofParts } = pageCacheRules(cacheTimes);
  return createPlan<OrderOverviewsRequest>(options)
    .required('order', {
      cache: ofPage,
      load: ({ request: { pageSize, pageToken, status, customerId } }, context) =>
        ports.orders.list({ pageSize, pageToken, status, customerId }, context),
    })
    .optional('payment', {
      needs: ['order'],
      timeoutMs,
      cache: ofParts,
      when: ({ request }) => request.include?.payment ?? true,
      load: ({ inputs }, context) => loadLatestByOrder(ports.payments, idsOf(inputs.order), context),
    })
    .optional('shipment', {
      needs: ['order'],
      timeoutMs,
      cache: ofParts,
      when: ({ request }) => request.include?.shipment ?? true,
      load: ({ inputs }, context) => loadLatestByOrder(ports.shipments, idsOf(inputs.order), context),
    });
}

function customerToList(customerId: string | undefined, { principal }: Context): string {
  if (principal === undefined) throw new AppError('unauthenticated', 'Sign in to see orders.');
  if (customerId === undefined || customerId === principal.subject) return principal.subject;
  if (hasRole(principal, 'support')) return customerId;
  throw new AppError('permission_denied', 'Only support may list the orders of another customer.');
}

function idsOf(page: Page<Order>): string[] {
  return page.items.map(({ orderId }) => orderId);
}

function pageCacheRules(times: CacheTimes | undefined) {
  if (!times) return { ofPage: undefined, ofParts: undefined };
  const ofPage: CacheRule<SourceInput<OrderOverviewsRequest, object>, Page<Order>> = {
    ...times,
    scope: 'private',
    key: ({ request: { pageSize, pageToken, status, customerId } }) => ({
      pageSize,
      pageToken,
      status,
      customerId,
    }),
    tags: (_input, page) => idsOf(page).map(orderTag),
  };
  const ofParts: CacheRule<PageInput, unknown> = {
    ...times,
    scope: 'private',
    key: ({ inputs }) => ({ orderIds: idsOf(inputs.order) }),
    tags: ({ inputs }) => idsOf(inputs.order).map(orderTag),
  };
  return { ofPage, ofParts };
}
