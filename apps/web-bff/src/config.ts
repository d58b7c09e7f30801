import { admissionVariables, baseVariables, count, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';

export const configuration = z.object({
  ...baseVariables({ port: 8081 }),
  ...identityVariables({ audience: 'urn:bff:web-bff' }),
  ...serviceVariables(),
  PART_TIMEOUT_MS: count(1000, 'After how many milliseconds an answer goes out without payment or shipment.'),
  ...admissionVariables(),
});

export type WebBffConfiguration = z.output<typeof configuration>;
