import { z } from 'zod';
import { problemAnswers } from './problem.ts';
import { orderPathParameters } from './read-operations.ts';

export const watchOrderOperation = {
  id: 'watchOrder',
  method: 'get',
  path: '/v1/orders/{orderId}/events',
  tag: 'orders',
  summary: 'An order’s changes as they happen',
  description:
    'Server-sent events. Every event `update` has an `OrderUpdate` as its data: the order page after one change of order, payment ' +
    'or shipment; the first one is the order as it is. Its `id`, sent back as `Last-Event-ID`, resumes after it on any ' +
    'instance: no change is missed and none comes twice. Comments come in between as a sign of life. The stream ends after a ' +
    'while, and when the server stops; clients come back, as an `EventSource` does by itself.',
  pathParameters: orderPathParameters,
  query: z.strictObject({}),
  headers: z.object({
    'Last-Event-ID': z
      .string()
      .max(64, 'is not an id that was given out here')
      .optional()
      .describe('The id of the last event that was read.'),
  }),
  answers: {
    200: {
      description: 'The events, until one side ends it.',
      content: {
        type: 'text/event-stream',
        schema: z.string().describe('Events with `OrderUpdate` as data.'),
      },
      headers: { 'Cache-Control': '`no-store, no-transform`.' },
    },
    ...problemAnswers(400, 401, 403, 404, 429, 501, 502, 503),
  },
} as const;
