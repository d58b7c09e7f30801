import { checkoutVariables } from '@bff/aggregation';
import {
  admissionVariables,
  answerVariables,
  baseVariables,
  count,
  httpVariables,
  identityVariables,
  stateVariables,
} from '@bff/server-kit';
import { serviceVariables, watchVariables } from '@bff/upstream';
import { z } from 'zod';
import { readRegisteredOperations, type RegisteredOperations } from './documents/registered-operations.ts';

const operationManifest = z
  .string()
  .transform((text, context): RegisteredOperations => {
    try {
      return readRegisteredOperations(text);
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: '[manifest]' });
      return z.NEVER;
    }
  })
  .optional()
  .describe(
    'The registered operations (an Apollo persisted query manifest): no others are answered. Any operation is, without it; production should have it. Best given as `OPERATION_MANIFEST_FILE`.',
  );

/** Every variable of mobile-bff; its README has the same table. */
export const configuration = z.object({
  ...baseVariables({ port: 8082 }),
  ...httpVariables(),
  ...identityVariables({ audience: 'urn:bff:mobile-bff' }),
  ...serviceVariables(),
  ...watchVariables(),
  PART_TIMEOUT_MS: count(
    1000,
    'How long an answer waits for payment and shipment before it goes out without.',
  ),
  ...answerVariables(),
  ...admissionVariables(),
  ...stateVariables({ file: '.data/mobile-bff-state.db' }),
  ...checkoutVariables(),
  OPERATION_MANIFEST: operationManifest,
  QUERY_MAX_TOKENS: count(1000, 'Longest GraphQL document, in tokens.'),
  QUERY_MAX_DEPTH: count(10, 'Most levels of nested fields in one operation.'),
  QUERY_MAX_ALIASES: count(15, 'Most aliases in one operation.'),
  QUERY_MAX_FIELDS: count(500, 'Most fields in one operation, fragments written out.'),
  QUERY_MAX_COST: count(
    2000,
    'Most objects that one operation can ask for; a page counts as often as it is long.',
  ),
  PERSISTED_QUERY_CHARACTERS: count(
    4_000_000,
    'Room for the texts of automatic persisted queries, in characters; the ones not used for longest go first.',
  ),
  LIVE_MAX_PER_USER: count(10, 'Live connections of one user at once: WebSockets and event streams.'),
  LIVE_MAX_SUBSCRIPTIONS: count(20, 'Subscriptions on one WebSocket.'),
  LIVE_PING_MS: count(
    12_000,
    'Time between two signs of life on a live connection; a client that answers none until the next is cut.',
  ),
});

export type Configuration = z.output<typeof configuration>;
