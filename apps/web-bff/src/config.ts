import { baseVariables, count, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';

export const configuration = z.object({
  ...baseVariables({ port: 8081 }),
  ...identityVariables({ audience: 'urn:bff:web-bff' }),
  ...serviceVariables(),
  PART_TIMEOUT_MS: count(1000, 'After how many milliseconds an answer goes out without payment or shipment.'),
  RATE_LIMIT_PER_MINUTE: count(600, 'Requests that one user may make in a minute, over all instances.'),
  RATE_LIMIT_INSTANCES: count(1, 'Among how many instances the rate limit is divided.'),
});

export type WebBffConfiguration = z.output<typeof configuration>;
