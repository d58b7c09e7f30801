import { readServiceOptions, type ServiceConfiguration } from './service-variables.ts';
import { createServices, type Services, type ServicesOptions } from './services.ts';
import { readWatchUrls, type WatchConfiguration } from './watch-variables.ts';

export interface WatchedServices extends Services {
  /** False where a service is known over HTTP alone. */
  readonly canBeWatched: boolean;
}

/** The services as a BFF's configuration names them: reads go where all reads go, streams where there is gRPC. */
export function createWatchedServices(
  configuration: ServiceConfiguration & WatchConfiguration,
  { metrics, ...given }: Pick<ServicesOptions, 'clock' | 'random' | 'internalToken' | 'metrics'>,
): WatchedServices {
  const options = { ...readServiceOptions(configuration), ...given };
  const services = createServices({ ...options, ...(metrics && { metrics }) });
  const urls = readWatchUrls(configuration);
  // Without metrics: these are the same services, and streams are no requests that a rate could be made of.
  const watched = urls && createServices({ ...options, urls });
  return {
    ...services,
    canBeWatched: watched !== undefined,
    ports: watched ? withWatches(services.ports, watched.ports) : services.ports,
    async close() {
      await Promise.all([services.close(), watched?.close()]);
    },
  };
}

type Ports = Services['ports'];

function withWatches({ orders, payments, shipments }: Ports, watched: Ports): Ports {
  return {
    orders: { ...orders, watch: watched.orders.watch },
    payments: { ...payments, watch: watched.payments.watch },
    shipments: { ...shipments, watch: watched.shipments.watch },
  };
}
