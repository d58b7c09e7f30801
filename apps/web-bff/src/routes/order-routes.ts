import { Router, type Request, type Response } from 'express';
import type { GetOrderOverview, ListOrderOverviews } from '@bff/aggregation';
import { AppError } from '@bff/core';
import { contextOf } from '@bff/server-kit';
import { z } from 'zod';
import { methodNotAllowed } from '../errors.ts';
import { isComplete, presentMeta, type Meta } from '../present/completeness.ts';
import { pickFields, selects, type FieldSelection } from '../present/field-selection.ts';
import { orderDetailFields, presentOrderDetail } from '../present/order-detail.ts';
import { orderSummaryFields, presentOrderSummary } from '../present/order-summary.ts';
import { fieldsParameter, parameter, readQuery } from './read-query.ts';

export interface OrderRoutesOptions {
  getOrderOverview: GetOrderOverview;
  listOrderOverviews: ListOrderOverviews;
}

const orderStatuses = ['pending', 'confirmed', 'cancelled'] as const;
const maxPageSize = 100;

const detailQuery = z.strictObject({ fields: fieldsParameter(orderDetailFields) });

const listQuery = z.strictObject({
  // AIP-158: 0 means the default, more than the maximum gives the maximum.
  pageSize: parameter()
    .regex(/^\d+$/, 'must be a whole number, not negative')
    .transform((text) => Math.min(Number(text), maxPageSize) || undefined)
    .optional(),
  pageToken: parameter().min(1, 'must not be empty; leave it out for the first page').optional(),
  status: z.enum(orderStatuses, { error: `must be one of ${orderStatuses.join(', ')}` }).optional(),
  fields: fieldsParameter(orderSummaryFields),
});

/** `GET /orders` and `GET /orders/{orderId}`, composed of order, payment and shipment. */
export function createOrderRoutes({ getOrderOverview, listOrderOverviews }: OrderRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/orders/:orderId', async (request, response) => {
    const { fields } = readQuery(detailQuery, request);
    const orderId = readOrderId(request);
    const overview = await getOrderOverview({ orderId, include: includeOf(fields) }, contextOf(request));
    const view = pickFields(presentOrderDetail(overview), fields);
    sendComposed(response, view, presentMeta(overview.sources));
  });
  router.get('/orders', async (request, response) => {
    const { fields, ...query } = readQuery(listQuery, request);
    const page = await listOrderOverviews({ ...query, include: includeOf(fields) }, contextOf(request));
    const orders = page.items.map((item) => pickFields(presentOrderSummary(item), fields));
    const nextPageToken = page.nextPageToken ?? null;
    sendComposed(response, { orders, nextPageToken }, presentMeta(page.sources));
  });
  router.all(['/orders/:orderId', '/orders'], methodNotAllowed(['GET', 'HEAD']));
  return router;
}

/** What no order can be called is not looked for: a comma, say, would be a list of orders further down. */
function readOrderId(request: Request<{ orderId: string }>): string {
  const { orderId } = request.params;
  if (/^[\w~-][\w.~-]{0,127}$/.test(orderId)) return orderId;
  throw new AppError('not_found', 'There is no such order.');
}

/** What nobody wants to see is not fetched. */
function includeOf(fields: FieldSelection) {
  return { payment: selects(fields, 'payment'), shipment: selects(fields, 'shipment') };
}

function sendComposed(response: Response, body: object, meta: Meta): void {
  const complete = isComplete(meta);
  response.setHeader('X-Completed', String(complete));
  // What lacks a part now may have it a second later: no cache may keep it, not even the client's own.
  response.setHeader('Cache-Control', complete ? 'private, no-cache' : 'no-store');
  response.setHeader('Vary', 'Authorization');
  response.json({ ...body, meta });
}
