import { z } from 'zod';
import { parseUpstreamUrls } from './parse-upstream-urls.ts';

const addresses = (fallback: string, description: string) =>
  z
    .string()
    .superRefine((text, context) => {
      try {
        parseUpstreamUrls(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    })
    .default(fallback)
    .describe(`${description}: \`http://host:port\` or \`grpc://host:port\`, several separated by commas.`);

/** Where a BFF finds the services. Replacing a stand-in by a real service is one variable. */
export const serviceVariables = () => ({
  ORDER_SERVICE_URL: addresses('http://127.0.0.1:9101', 'Instances of the order service'),
  PAYMENT_SERVICE_URL: addresses('http://127.0.0.1:9102', 'Instances of the payment service'),
  SHIPPING_SERVICE_URL: addresses('http://127.0.0.1:9103', 'Instances of the shipping service'),
  SERVICE_TIMEOUT_MS: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a positive whole number')
    .transform(Number)
    .default(1500)
    .describe('Longest time that one attempt to call a service may take.'),
});
