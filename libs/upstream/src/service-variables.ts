import { z } from 'zod';
import { parseUpstreamUrls } from './parse-upstream-urls.ts';
import type { ServicesOptions } from './services.ts';

/** Addresses of a service, as `parseUpstreamUrls` reads them. */
export const addresses = () =>
  z.string().superRefine((text, context) => {
    try {
      parseUpstreamUrls(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

const serviceAddresses = (fallback: string, description: string) =>
  // Described last: a default or an optional schema has no description of what it wraps.
  addresses()
    .default(fallback)
    .describe(
      `${description}: \`http://host:port\` or \`grpc://host:port\`, several separated by commas, or \`dns+http://name:port\`, \`dns+grpc://…\`, \`file+http:///path\`.`,
    );

const wholeNumber = (pattern: RegExp, message: string, fallback: number, description: string) =>
  z.string().regex(pattern, message).transform(Number).default(fallback).describe(description);

/** Where a BFF finds the services, and how it copes with their failures. Replacing a stand-in by a real service is one variable. */
export const serviceVariables = () => ({
  ORDER_SERVICE_URL: serviceAddresses('http://127.0.0.1:9101', 'Instances of the order service'),
  PAYMENT_SERVICE_URL: serviceAddresses('http://127.0.0.1:9102', 'Instances of the payment service'),
  SHIPPING_SERVICE_URL: serviceAddresses('http://127.0.0.1:9103', 'Instances of the shipping service'),
  SERVICE_TIMEOUT_MS: wholeNumber(
    /^[1-9]\d{0,8}$/,
    'must be a positive whole number',
    1500,
    'Longest time that one attempt to call a service may take.',
  ),
  SERVICE_MAX_RETRIES: wholeNumber(
    /^[0-5]$/,
    'must be a whole number from 0 to 5',
    2,
    'Further attempts at a call that failed and is safe to repeat, each at another instance; 0 turns retries off.',
  ),
  SERVICE_PICKER: z
    .enum(['peak_ewma', 'least_request', 'round_robin'], {
      error: 'must be peak_ewma, least_request or round_robin',
    })
    .default('peak_ewma')
    .describe('How the instance for an attempt is chosen: by latency and load, by load alone, or in turn.'),
  SERVICE_HEALTH_CHECK_MS: wholeNumber(
    /^\d{1,6}$/,
    'must be a time in milliseconds',
    500,
    'Time between two health checks of an instance; 0 turns them off.',
  ),
  SERVICE_HEDGED_OPERATIONS: z
    .string()
    .regex(/^(\w+(,\w+)*)?$/, 'must be names of operations separated by commas')
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .default([])
    .describe(
      'Reads that ask a second instance when the first is slower than usual, such as `GetOrder,ListOrders`; empty for none.',
    ),
});

export type ServiceConfiguration = z.output<z.ZodObject<ReturnType<typeof serviceVariables>>>;

/** What the variables mean for `createServices`. */
export function readServiceOptions(
  configuration: ServiceConfiguration,
): Pick<ServicesOptions, 'urls' | 'timeoutMs' | 'policy' | 'hedging' | 'healthChecks'> {
  const intervalMs = configuration.SERVICE_HEALTH_CHECK_MS;
  return {
    urls: {
      orders: configuration.ORDER_SERVICE_URL,
      payments: configuration.PAYMENT_SERVICE_URL,
      shipments: configuration.SHIPPING_SERVICE_URL,
    },
    timeoutMs: configuration.SERVICE_TIMEOUT_MS,
    healthChecks: intervalMs > 0,
    hedging: { operations: configuration.SERVICE_HEDGED_OPERATIONS },
    policy: {
      picker: configuration.SERVICE_PICKER,
      retry: { maxRetries: configuration.SERVICE_MAX_RETRIES },
      ...(intervalMs > 0 && { healthCheck: { intervalMs } }),
    },
  };
}
