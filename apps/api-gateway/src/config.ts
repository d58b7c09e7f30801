import { admissionVariables, baseVariables, count, identityVariables } from '@bff/server-kit';
import { parseUpstreamUrls, serviceVariables } from '@bff/upstream';
import { z } from 'zod';

/** What is wrong with a list of addresses; undefined when the gateway can forward to all of them. */
function faultOf(text: string): string | undefined {
  try {
    const { scheme } = parseUpstreamUrls(text);
    return scheme === 'http'
      ? undefined
      : `the gateway forwards HTTP and cannot use ${scheme}://; give http://host:port`;
  } catch (error) {
    return (error as Error).message;
  }
}

const httpAddresses = (fallback: string, description: string) =>
  z
    .string()
    .superRefine((text, context) => {
      const message = faultOf(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .default(fallback)
    .describe(`${description}: \`http://host:port\`, several separated by commas.`);

// The same as a BFF's; the addresses are not, for the gateway forwards HTTP alone.
const { SERVICE_MAX_RETRIES, SERVICE_HEALTH_CHECK_MS } = serviceVariables();

export const configuration = z.object({
  ...baseVariables({ port: 8080 }),
  ...identityVariables({ audience: 'urn:bff:api-gateway' }),
  ORDER_SERVICE_URL: httpAddresses('http://127.0.0.1:9101', 'Instances of the order service'),
  PAYMENT_SERVICE_URL: httpAddresses('http://127.0.0.1:9102', 'Instances of the payment service'),
  SHIPPING_SERVICE_URL: httpAddresses('http://127.0.0.1:9103', 'Instances of the shipping service'),
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
