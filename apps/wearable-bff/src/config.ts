import { checkoutVariables } from '@bff/aggregation';
import {
  admissionVariables,
  answerVariables,
  baseVariables,
  count,
  grpcVariables,
  identityVariables,
  stateVariables,
} from '@bff/server-kit';
import { serviceVariables, watchVariables } from '@bff/upstream';
import { z } from 'zod';

const pem = (description: string) =>
  z.string().includes('-----BEGIN', 'must be PEM text').optional().describe(description);

export const configuration = z.object({
  ...baseVariables({ port: 8083 }),
  ...grpcVariables(),
  // A sign of life wakes the watch's radio: no more often than a mobile network's NAT needs.
  KEEPALIVE_MS: count(
    240_000,
    'After how long without a frame a connection is asked for a sign of life, and how long it has for it.',
  ),
  TLS_CERTIFICATE: pem(
    'Certificate chain (PEM); the listener speaks TLS with it. Best given as `TLS_CERTIFICATE_FILE`.',
  ),
  TLS_KEY: pem('Private key (PEM) of the certificate. Best given as `TLS_KEY_FILE`.'),
  TLS_CLIENT_CA: pem(
    'Authorities (PEM) of client certificates: every connection must show one then (mutual TLS). Best given as `TLS_CLIENT_CA_FILE`.',
  ),
  ...identityVariables({ audience: 'urn:bff:wearable-bff' }),
  ...serviceVariables(),
  ...watchVariables(),
  PART_TIMEOUT_MS: count(
    800,
    'How long payment and shipment are waited for before a glance goes out without.',
  ),
  ...answerVariables(),
  ...admissionVariables(),
  ...stateVariables({ file: '.stack/wearable-bff.sqlite' }),
  ...checkoutVariables(),
  MAX_MESSAGE_BYTES: count(65_536, 'Largest request message that is accepted.'),
  WATCH_LIFE_MS: count(
    3_600_000,
    'After so long a watch stream ends, and its client resumes with a credential that is checked again.',
  ),
  WATCH_MAX_STREAMS: count(2_000, 'Watch streams that this process serves at the same time.'),
  WATCH_MAX_STREAMS_PER_USER: count(10, 'Watch streams that one user may have open at the same time here.'),
});

export type WearableBffConfiguration = z.output<typeof configuration>;
