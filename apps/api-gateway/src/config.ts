import { admissionVariables, baseVariables, count, httpVariables, identityVariables } from '@bff/server-kit';
import { serviceVariables } from '@bff/upstream';
import { z } from 'zod';
import { addressesOf } from './addresses.ts';

// The same as a BFF's; the addresses are not, for the gateway forwards HTTP alone.
const { SERVICE_MAX_RETRIES, SERVICE_HEALTH_CHECK_MS } = serviceVariables();

export const configuration = z.object({
  ...baseVariables({ port: 8080 }),
  ...httpVariables(),
  ...identityVariables({ audience: 'urn:bff:api-gateway' }),
  ORDER_SERVICE_URL: addressesOf('http', 'http://127.0.0.1:9101', 'Instances of the order service'),
  PAYMENT_SERVICE_URL: addressesOf('http', 'http://127.0.0.1:9102', 'Instances of the payment service'),
  SHIPPING_SERVICE_URL: addressesOf('http', 'http://127.0.0.1:9103', 'Instances of the shipping service'),
  SERVICE_TIMEOUT_MS: count(
    1500,
    'How long an instance may take to begin its answer, where another one can be asked.',
  ),
  SERVICE_MAX_RETRIES,
  SERVICE_HEALTH_CHECK_MS,
  MAX_CONNECTIONS: count(256, 'Connections to each instance; requests over it wait within their deadline.'),
  ...admissionVariables(),
});

export type ApiGatewayConfiguration = z.output<typeof configuration>;
