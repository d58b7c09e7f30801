import type { z } from 'zod';
import { addresses, type ServiceConfiguration } from './service-variables.ts';
import type { ServicesOptions } from './services.ts';

/** Where a BFF that asks its services over HTTP watches them: change streams exist over gRPC alone. */
export const watchVariables = () => ({
  ORDER_SERVICE_WATCH_URL: watched('order', 'ORDER_SERVICE_URL'),
  PAYMENT_SERVICE_WATCH_URL: watched('payment', 'PAYMENT_SERVICE_URL'),
  SHIPPING_SERVICE_WATCH_URL: watched('shipping', 'SHIPPING_SERVICE_URL'),
});

const watched = (service: string, fallback: string) =>
  addresses(
    `Where changes at the ${service} service are watched, over gRPC: as \`${fallback}\`, which it is unless given.`,
  ).optional();

type WatchConfiguration = ServiceConfiguration & z.output<z.ZodObject<ReturnType<typeof watchVariables>>>;

/** The addresses for watching; undefined when they are those of every other call. */
export function readWatchUrls(configuration: WatchConfiguration): ServicesOptions['urls'] | undefined {
  const { ORDER_SERVICE_WATCH_URL, PAYMENT_SERVICE_WATCH_URL, SHIPPING_SERVICE_WATCH_URL } = configuration;
  if ((ORDER_SERVICE_WATCH_URL ?? PAYMENT_SERVICE_WATCH_URL ?? SHIPPING_SERVICE_WATCH_URL) === undefined) {
    return undefined;
  }
  return {
    orders: ORDER_SERVICE_WATCH_URL ?? configuration.ORDER_SERVICE_URL,
    payments: PAYMENT_SERVICE_WATCH_URL ?? configuration.PAYMENT_SERVICE_URL,
    shipments: SHIPPING_SERVICE_WATCH_URL ?? configuration.SHIPPING_SERVICE_URL,
  };
}
