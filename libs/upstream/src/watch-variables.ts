import type { z } from 'zod';
import { parseUpstreamUrls } from './parse-upstream-urls.ts';
import { addresses, type ServiceConfiguration } from './service-variables.ts';
import type { ServicesOptions } from './services.ts';

/** Where a BFF that asks its services over HTTP watches them: change streams exist over gRPC alone. */
export const watchVariables = () => ({
  ORDER_SERVICE_WATCH_URL: watchAddresses('order', 'ORDER_SERVICE_URL'),
  PAYMENT_SERVICE_WATCH_URL: watchAddresses('payment', 'PAYMENT_SERVICE_URL'),
  SHIPPING_SERVICE_WATCH_URL: watchAddresses('shipping', 'SHIPPING_SERVICE_URL'),
});

const watchAddresses = (service: string, fallback: string) =>
  addresses()
    .refine((text) => isGrpc(text), 'must be grpc addresses')
    .optional()
    .describe(
      `Where changes at the ${service} service are watched, \`grpc://host:port\` and the like; \`${fallback}\` unless given.`,
    );

export type WatchConfiguration = ServiceConfiguration &
  z.output<z.ZodObject<ReturnType<typeof watchVariables>>>;

/** The addresses for watching; undefined when a service has none, since it is asked over HTTP only. */
export function readWatchUrls(configuration: WatchConfiguration): ServicesOptions['urls'] | undefined {
  const urls = {
    orders: configuration.ORDER_SERVICE_WATCH_URL ?? configuration.ORDER_SERVICE_URL,
    payments: configuration.PAYMENT_SERVICE_WATCH_URL ?? configuration.PAYMENT_SERVICE_URL,
    shipments: configuration.SHIPPING_SERVICE_WATCH_URL ?? configuration.SHIPPING_SERVICE_URL,
  };
  return Object.values(urls).every(isGrpc) ? urls : undefined;
}

/** False, too, for what is no address: that is a fault of its own. */
function isGrpc(text: string): boolean {
  try {
    return parseUpstreamUrls(text).scheme === 'grpc';
  } catch {
    return false;
  }
}
