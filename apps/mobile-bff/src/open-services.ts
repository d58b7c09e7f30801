import type { ClientIdentity, ProcessKit } from '@bff/server-kit';
import { createServices, readServiceOptions, readWatchUrls, type Services } from '@bff/upstream';
import type { Configuration } from './config.ts';

/** The services as mobile-bff uses them: reads and writes as configured, watching where it is offered. */
export function openServices(
  configuration: Configuration,
  identity: ClientIdentity,
  { clock, metrics }: ProcessKit,
): Services {
  const options = { ...readServiceOptions(configuration), clock, internalToken: identity.internalToken };
  const services = createServices({ ...options, metrics });
  const watchUrls = readWatchUrls(configuration);
  if (!watchUrls) return services;
  // Without metrics: these are the same services, and streams are no requests that a rate could be made of.
  const watched = createServices({ ...options, urls: watchUrls });
  const { orders, payments, shipments } = services.ports;
  return {
    ...services,
    ports: {
      orders: { ...orders, watch: watched.ports.orders.watch },
      payments: { ...payments, watch: watched.ports.payments.watch },
      shipments: { ...shipments, watch: watched.ports.shipments.watch },
    },
    async close() {
      await Promise.all([services.close(), watched.close()]);
    },
  };
}
