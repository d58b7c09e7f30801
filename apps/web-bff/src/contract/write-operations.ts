import { z } from 'zod';
import { addressSchema } from '../present/values.ts';
import { jsonContent } from './operation-contract.ts';
import { problemAnswers } from './problem.ts';
import { orderPathParameters, readSchemas } from './read-operations.ts';

const text = z.string().regex(/\S/, 'must not be empty').max(200, 'must have at most 200 characters');
const price = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, such as EUR'),
  minorUnits: z
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(1_000_000_000, 'must be at most 1000000000'),
});

const maxLines = 100;
const maxQuantity = 999;

export const checkoutRequestSchema = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          sku: text,
          name: text,
          quantity: z
            .int('must be a whole number')
            .min(1, 'must be at least 1')
            .max(maxQuantity, `must be at most ${maxQuantity}`),
          unitPrice: price,
        }),
      )
      .min(1, 'must have at least one entry')
      .max(maxLines, `must have at most ${maxLines} entries`),
    shippingAddress: z.strictObject({
      ...Object.fromEntries(Object.keys(addressSchema.shape).map((name) => [name, text])),
      country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code, such as NL'),
    } as Record<keyof typeof addressSchema.shape, z.ZodString>),
    methodToken: text.describe('The payment provider’s token for the card; never the card itself.'),
  })
  .describe('A cart to be ordered, paid and sent.');

export const checkoutOperation = {
  id: 'checkout',
  method: 'post',
  path: '/v1/checkouts',
  tag: 'checkout',
  summary: 'Orders, pays and sends a cart',
  description:
    'Ends whole or not at all. Whoever does not know how a checkout ended repeats it with the same key: ' +
    'it is done once, and every repetition within a day gets the answer of the first.',
  headers: z.object({
    'Idempotency-Key': z
      .string({
        error: 'is required; use a new random value for every checkout, and the same one to repeat it',
      })
      .min(1)
      .max(255)
      .describe('Names this checkout among those of the user. At most 255 printable ASCII characters.'),
  }),
  query: z.strictObject({}),
  body: checkoutRequestSchema,
  answers: {
    201: {
      description: 'The order was placed: now, or when this key was used first.',
      content: jsonContent(readSchemas.Order),
      headers: {
        Location: 'Where the order is.',
        'Idempotency-Replayed': '`true` when this is the answer of an earlier request.',
      },
    },
    ...problemAnswers(400, 401, 403, 409, 413, 415, 422, 429, 502, 503, 504),
  },
} as const;

export const cancelOrderOperation = {
  id: 'cancelOrder',
  method: 'post',
  path: '/v1/orders/{orderId}:cancel',
  tag: 'orders',
  summary: 'Cancels an order',
  description:
    'Stops the shipment, then voids or refunds the payment. Repeating it is harmless. ' +
    'An order whose parcel is on its way cannot be cancelled (409).',
  pathParameters: orderPathParameters,
  query: z.strictObject({}),
  answers: {
    200: {
      description: 'The order as it is now.',
      content: jsonContent(readSchemas.Order),
      headers: { 'Cache-Control': '`no-store`.' },
    },
    ...problemAnswers(400, 401, 403, 404, 409, 429, 502, 503, 504),
  },
} as const;
