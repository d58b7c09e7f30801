import { admissionVariables, baseVariables, count, httpVariables, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';

/** Every variable of mobile-bff; its README has the same table. */
export const configuration = z.object({
  ...baseVariables({ port: 8082 }),
  ...httpVariables(),
  ...identityVariables({ audience: 'urn:bff:mobile-bff' }),
  ...serviceVariables(),
  PART_TIMEOUT_MS: count(
    1000,
    'How long an answer waits for payment and shipment before it goes out without.',
  ),
  ...admissionVariables(),
  QUERY_MAX_TOKENS: count(1000, 'Longest GraphQL document, in tokens.'),
  QUERY_MAX_DEPTH: count(10, 'Most levels of nested fields in one operation.'),
  QUERY_MAX_ALIASES: count(15, 'Most aliases in one operation.'),
  QUERY_MAX_FIELDS: count(500, 'Most fields in one operation, fragments written out.'),
});

export type Configuration = z.output<typeof configuration>;
