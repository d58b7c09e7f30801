import { z } from 'zod';
import { metaSchema } from '../present/completeness.ts';
import { orderDetailSchema } from '../present/order-detail.ts';
import { orderSummarySchema } from '../present/order-summary.ts';
import { orderStatusSchema } from '../present/values.ts';
import { jsonContent, type AnswerContract } from './operation-contract.ts';
import { fieldsParameter, parameter, sparseView } from './parameters.ts';
import { problemAnswers } from './problem.ts';

const maxPageSize = 100;

export const orderPathParameters = z.object({
  orderId: z.string().meta({ examples: ['ord_0001'] }),
});

/** `If-None-Match` is optional everywhere; a value that is no list of tags matches nothing. */
const conditionalHeaders = z.object({
  'If-None-Match': z
    .string()
    .optional()
    .describe('Tags of answers that the client has; 304 when one of them is still right.'),
});

const composedHeaders = {
  'X-Completed': '`false` when a part is missing that was asked for.',
  'Cache-Control':
    '`private, no-cache`; `no-store` for an answer that lacks a part, and for whoever comes with a session.',
  Vary: 'Request headers that the answer depends on.',
};

const notModified: AnswerContract = {
  description: 'What the client has is still right. No body.',
  headers: { ETag: 'The tag that matched.', Vary: 'Request headers that the answer depends on.' },
};

const completeOrder = orderDetailSchema.extend({ meta: metaSchema }).describe('The order page.');
const sparseOrder = sparseView(orderDetailSchema)
  .extend({ meta: metaSchema })
  .describe('The order page with the fields asked for.');

const orderPage = z
  .object({
    orders: z.array(orderSummarySchema),
    nextPageToken: z.string().nullable().describe('`null` on the last page.'),
    meta: metaSchema,
  })
  .describe('A page of orders, newest first.');
const sparseOrderPage = orderPage
  .extend({ orders: z.array(sparseView(orderSummarySchema)) })
  .describe('A page of orders with the fields asked for.');

export const readSchemas = {
  Order: completeOrder,
  SparseOrder: sparseOrder,
  OrderPage: orderPage,
  SparseOrderPage: sparseOrderPage,
};

export const getOrder = {
  id: 'getOrder',
  method: 'get',
  path: '/v1/orders/{orderId}',
  tag: 'orders',
  summary: 'One order with its payment, its shipment and the shipment’s events',
  description:
    'One round trip for the order page. A payment or shipment that cannot be had in time is left out, and the answer says so. ' +
    'A complete answer has a strong ETag.',
  pathParameters: orderPathParameters,
  query: z.strictObject({ fields: fieldsParameter(orderDetailSchema) }),
  headers: conditionalHeaders,
  answers: {
    200: {
      description: 'The order; `SparseOrder` when `fields` was given.',
      content: jsonContent(z.union([completeOrder, sparseOrder])),
      headers: composedHeaders,
    },
    304: notModified,
    ...problemAnswers(400, 401, 403, 404, 429, 502, 503, 504),
  },
} as const;

export const listOrders = {
  id: 'listOrders',
  method: 'get',
  path: '/v1/orders',
  tag: 'orders',
  summary: 'The user’s orders, newest first',
  description:
    'A page of orders costs one call to each service, whatever its size. Paging is that of AIP-158.',
  query: z.strictObject({
    pageSize: parameter()
      .regex(/^\d+$/, 'must be a whole number, not negative')
      // AIP-158: 0 means the default, more than the maximum gives the maximum.
      .transform((text) => Math.min(Number(text), maxPageSize) || undefined)
      .optional()
      .meta({
        type: 'integer',
        minimum: 0,
        pattern: undefined,
        description: `0, or none, for the default of 20; more than ${maxPageSize} gives ${maxPageSize}.`,
      }),
    pageToken: parameter()
      .min(1, 'must not be empty; leave it out for the first page')
      .optional()
      .describe('`nextPageToken` of the page before, with the same `status`.'),
    status: z
      .enum(orderStatusSchema.options, { error: `must be one of ${orderStatusSchema.options.join(', ')}` })
      .optional()
      .describe('Only orders in this state.'),
    fields: fieldsParameter(orderSummarySchema),
  }),
  headers: conditionalHeaders,
  answers: {
    200: {
      description: 'A page; `SparseOrderPage` when `fields` was given.',
      content: jsonContent(z.union([orderPage, sparseOrderPage])),
      headers: composedHeaders,
    },
    304: notModified,
    ...problemAnswers(400, 401, 403, 429, 502, 503, 504),
  },
} as const;
