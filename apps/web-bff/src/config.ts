import { admissionVariables, baseVariables, count, httpVariables, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';

export const configuration = z.object({
  ...baseVariables({ port: 8081 }),
  ...httpVariables(),
  ...identityVariables({ audience: 'urn:bff:web-bff' }),
  ...serviceVariables(),
  PART_TIMEOUT_MS: count(1000, 'After how many milliseconds an answer goes out without payment or shipment.'),
  ...admissionVariables(),
});

export type WebBffConfiguration = z.output<typeof configuration>;
