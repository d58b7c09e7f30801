import { baseVariables, count, grpcVariables, httpVariables, port } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';
import { addressesOf } from '../addresses.ts';

const { SERVICE_MAX_RETRIES, SERVICE_HEALTH_CHECK_MS } = serviceVariables();

const file = (description: string) => z.string().min(1).optional().describe(description);

const variables = z.object({
  ...baseVariables({ port: 8081 }),
  ...httpVariables(),
  ...grpcVariables(),
  PORT: port(8081, 'Port of the web entry; 0 for any free one.'),
  MOBILE_PORT: port(8082, 'Port of the mobile entry; 0 for any free one.'),
  WEARABLE_PORT: port(8083, 'Port of the wearable entry (gRPC); 0 for any free one.'),
  WEB_BFF_URL: addressesOf('http', 'http://127.0.0.1:9181', 'Instances of web-bff'),
  MOBILE_BFF_URL: addressesOf('http', 'http://127.0.0.1:9182', 'Instances of mobile-bff'),
  WEARABLE_BFF_URL: addressesOf('grpc', 'grpc://127.0.0.1:9183', 'Instances of wearable-bff'),
  REQUEST_TIMEOUT_MS: count(
    4000,
    'How long an answer may take to begin, all attempts together; once it has begun it may last.',
  ),
  BFF_TIMEOUT_MS: count(
    1500,
    'How long an instance may take to begin its answer, where another one can be asked.',
  ),
  BFF_MAX_RETRIES: SERVICE_MAX_RETRIES,
  BFF_HEALTH_CHECK_MS: SERVICE_HEALTH_CHECK_MS,
  BFF_MAX_CONNECTIONS: count(1024, 'HTTP connections to each instance; requests over it wait.'),
  MAX_REPLAYED_BYTES: count(65_536, 'Bodies up to this size are kept while their request could be repeated.'),
  READ_RPCS: z
    .string()
    .regex(/^(\/[\w.]+\/\w+(,\/[\w.]+\/\w+)*)?$/, 'must be paths such as /package.Service/Method, by commas')
    .transform((text) => text.split(',').filter((path) => path !== ''))
    .default(['/wearable.v1.WearableService/GetOrderGlance', '/wearable.v1.WearableService/ListOrderGlances'])
    .describe('Unary calls that change nothing: they are made again at another instance when one is lost.'),
  TLS_CERTIFICATE: file(
    'Certificate chain (PEM) of the wearable entry, which then speaks TLS. Best given as `TLS_CERTIFICATE_FILE`.',
  ),
  TLS_KEY: file('Private key (PEM) that belongs to it. Best given as `TLS_KEY_FILE`.'),
});

/** The certificate and its key make sense together alone. */
export const edgeConfiguration = variables.superRefine((values, context) => {
  const { TLS_CERTIFICATE: certificate, TLS_KEY: key } = values;
  if ((certificate === undefined) === (key === undefined)) return;
  const [missing, given] =
    key === undefined ? ['TLS_KEY', 'TLS_CERTIFICATE'] : ['TLS_CERTIFICATE', 'TLS_KEY'];
  context.addIssue({ code: 'custom', path: [missing], message: `must be given with ${given}` });
});

export type EdgeConfiguration = z.output<typeof edgeConfiguration>;
