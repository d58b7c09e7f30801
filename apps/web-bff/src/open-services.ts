import { shareReads, type SharedReads } from '@bff/aggregation';
import { readAnswerOptions, type ClientIdentity, type ProcessKit } from '@bff/server-kit';
import { createServices, readServiceOptions, readWatchUrls, type Services } from '@bff/upstream';
import type { WebBffConfiguration } from './config.ts';

export interface OpenedServices extends Omit<Services, 'ports'> {
  /** Reads that are in flight or kept are shared; streams go where streams are offered. */
  readonly reads: SharedReads<Services['ports']>;
  /** False where a service is known over HTTP alone. */
  readonly canBeWatched: boolean;
}

/** The services as web-bff uses them. */
export function openServices(
  configuration: WebBffConfiguration,
  identity: ClientIdentity,
  { clock, metrics }: ProcessKit,
): OpenedServices {
  const options = { ...readServiceOptions(configuration), clock, internalToken: identity.internalToken };
  const services = createServices({ ...options, metrics });
  const urls = readWatchUrls(configuration);
  // Without metrics: these are the same services, and streams are no requests that a rate could be made of.
  const watched = urls && createServices({ ...options, urls });
  const followed = metrics.counter('coalesced_reads_total', 'Reads that shared the call of another.', [
    'read',
  ]);
  return {
    ...services,
    canBeWatched: watched !== undefined,
    reads: shareReads({
      ports: watched ? withWatches(services.ports, watched.ports) : services.ports,
      clock,
      ...readAnswerOptions(configuration),
      onFollow: (read) => {
        followed.inc({ read });
      },
    }),
    async close() {
      await Promise.all([services.close(), watched?.close()]);
    },
  };
}

type Ports = Services['ports'];

/** Reads go where all reads go; only the streams need gRPC. */
function withWatches({ orders, payments, shipments }: Ports, watched: Ports): Ports {
  return {
    orders: { ...orders, watch: watched.orders.watch },
    payments: { ...payments, watch: watched.payments.watch },
    shipments: { ...shipments, watch: watched.shipments.watch },
  };
}
