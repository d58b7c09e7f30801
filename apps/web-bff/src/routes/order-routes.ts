import type { GetOrderOverview, ListOrderOverviews } from '@bff/aggregation';
import { contextOf } from '@bff/server-kit';
import { Router } from 'express';
import { getOrder, listOrders } from '../contract/read-operations.ts';
import { methodNotAllowed } from '../errors.ts';
import { pickFields, selects, type FieldSelection } from '../present/field-selection.ts';
import { presentOrderDetail } from '../present/order-detail.ts';
import { presentOrderSummary } from '../present/order-summary.ts';
import { readOrderId } from './read-order-id.ts';
import { readRequest } from './read-request.ts';
import { sendComposed } from './send-composed.ts';

export interface OrderRoutesOptions {
  getOrderOverview: GetOrderOverview;
  listOrderOverviews: ListOrderOverviews;
}

/** `GET /orders` and `GET /orders/{orderId}`, composed of order, payment and shipment. */
export function createOrderRoutes({ getOrderOverview, listOrderOverviews }: OrderRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/orders/:orderId', async (request, response) => {
    const { fields } = readRequest(getOrder, request).query;
    const orderId = readOrderId(request);
    const overview = await getOrderOverview({ orderId, include: includeOf(fields) }, contextOf(request));
    const view = pickFields(presentOrderDetail(overview), fields);
    sendComposed(request, response, view, overview.sources);
  });
  router.get('/orders', async (request, response) => {
    const { fields, ...query } = readRequest(listOrders, request).query;
    const page = await listOrderOverviews({ ...query, include: includeOf(fields) }, contextOf(request));
    const orders = page.items.map((item) => pickFields(presentOrderSummary(item), fields));
    const nextPageToken = page.nextPageToken ?? null;
    sendComposed(request, response, { orders, nextPageToken }, page.sources);
  });
  router.all(['/orders/:orderId', '/orders'], methodNotAllowed(['GET', 'HEAD']));
  return router;
}

/** What nobody wants to see is not fetched. */
function includeOf(fields: FieldSelection) {
  return { payment: selects(fields, 'payment'), shipment: selects(fields, 'shipment') };
}
