import { z } from 'zod';

/** Shapes that several answers share. A type here is that of its schema, so the document cannot disagree with the code. */
export const moneySchema = z
  .object({
    currency: z
      .string()
      .describe('ISO 4217 code.')
      .meta({ examples: ['EUR'] }),
    minorUnits: z.int().describe('Cents for EUR, yen for JPY.'),
  })
  .describe('An amount of money in the smallest unit of its currency.');

export const addressSchema = z.object({
  recipient: z.string(),
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z
    .string()
    .describe('ISO 3166-1 alpha-2.')
    .meta({ examples: ['NL'] }),
});

/** RFC 3339 in UTC. */
export const timeSchema = z.iso.datetime();

export const orderStatusSchema = z.enum(['pending', 'confirmed', 'cancelled']);

export const paymentStatusSchema = z.enum(['authorised', 'captured', 'voided', 'refunded', 'declined']);

export const shipmentStatusSchema = z.enum([
  'preparing',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'cancelled',
]);
