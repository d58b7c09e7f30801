import type { Clock } from '@bff/core';
import type { OrdersPort, PaymentsPort, ShipmentsPort } from '@bff/contracts';
import type { EndpointSnapshot } from '@bff/load-balancing';
import type { OnAttempt } from './account-outcome.ts';
import type { InternalToken } from './carried-headers.ts';
import { createOrdersPort, createPaymentsPort, createShipmentsPort } from './service-ports.ts';
import { createUpstream } from './upstream.ts';

export interface ServicesOptions {
  /** Addresses of each service, as `parseUpstreamUrls` reads them. */
  urls: Readonly<Record<'orders' | 'payments' | 'shipments', string>>;
  clock: Clock;
  internalToken: InternalToken;
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number;
  onAttempt?: OnAttempt;
}

/** The three services as a BFF sees them. */
export interface Services {
  readonly ports: {
    readonly orders: OrdersPort;
    readonly payments: PaymentsPort;
    readonly shipments: ShipmentsPort;
  };
  /** The instances of each service with their state, for `/info`. */
  endpoints(): Readonly<Record<string, readonly EndpointSnapshot[]>>;
  close(): Promise<void>;
}

/** Wires the ports of order, payment and shipping service; connects lazily. */
export function createServices({ urls, ...common }: ServicesOptions): Services {
  const create = (audience: string, addresses: string) =>
    createUpstream({ ...common, name: audience, audience, urls: addresses });
  const orders = create('order-service', urls.orders);
  const payments = create('payment-service', urls.payments);
  const shipments = create('shipping-service', urls.shipments);
  return {
    ports: {
      orders: createOrdersPort(orders),
      payments: createPaymentsPort(payments),
      shipments: createShipmentsPort(shipments),
    },
    endpoints: () => ({
      'order-service': orders.endpoints(),
      'payment-service': payments.endpoints(),
      'shipping-service': shipments.endpoints(),
    }),
    async close() {
      await Promise.all([orders.close(), payments.close(), shipments.close()]);
    },
  };
}
