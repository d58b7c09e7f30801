import { admissionVariables, baseVariables, count, grpcVariables, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';

export const configuration = z.object({
  ...baseVariables({ port: 8083 }),
  ...grpcVariables(),
  ...identityVariables({ audience: 'urn:bff:wearable-bff' }),
  ...serviceVariables(),
  PART_TIMEOUT_MS: count(
    800,
    'How long payment and shipment are waited for before a glance goes out without.',
  ),
  ...admissionVariables(),
  MAX_MESSAGE_BYTES: count(65_536, 'Largest request message that is accepted.'),
});

export type WearableBffConfiguration = z.output<typeof configuration>;
