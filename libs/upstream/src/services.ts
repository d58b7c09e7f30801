import type { Clock } from '@bff/core';
import type { OrdersPort, PaymentsPort, ShipmentsPort } from '@bff/contracts';
import type { EndpointSnapshot } from '@bff/load-balancing';
import type { Metrics } from '@bff/observability';
import type { InternalToken } from './carried-headers.ts';
import { countAttempts, countUpstreamEvents, exposeUpstreams } from './observe-upstreams.ts';
import type { ResilienceOptions } from './resilience-options.ts';
import { createOrdersPort, createPaymentsPort, createShipmentsPort } from './service-ports.ts';
import { createUpstream } from './upstream.ts';

export interface ServicesOptions extends ResilienceOptions {
  /** Addresses of each service, as `parseUpstreamUrls` reads them. */
  urls: Readonly<Record<'orders' | 'payments' | 'shipments', string>>;
  clock: Clock;
  /** In [0, 1), for jitter and ties. */
  random: () => number;
  internalToken: InternalToken;
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number;
  /** Gets every attempt, the upstreams' decisions and the state of their instances. */
  metrics?: Metrics;
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
  /**
   * Resolves when the instances of all services are known and have been asked once, or after `limitMs` (default 1000):
   * an app is ready then, since its first calls know whom to avoid.
   */
  firstHealthRound(limitMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Wires the ports of order, payment and shipping service; calls connect lazily. */
export function createServices({ urls, metrics, ...common }: ServicesOptions): Services {
  const observers = metrics && { onAttempt: countAttempts(metrics), onEvent: countUpstreamEvents(metrics) };
  const create = (audience: string, addresses: string) =>
    createUpstream({ ...common, ...observers, name: audience, audience, urls: addresses });
  const orders = create('order-service', urls.orders);
  const payments = create('payment-service', urls.payments);
  const shipments = create('shipping-service', urls.shipments);
  const all = [orders, payments, shipments];
  if (metrics) exposeUpstreams(metrics, all);
  return {
    ports: {
      orders: createOrdersPort(orders),
      payments: createPaymentsPort(payments),
      shipments: createShipmentsPort(shipments),
    },
    endpoints: () => Object.fromEntries(all.map((upstream) => [upstream.name, upstream.endpoints()])),
    async firstHealthRound(limitMs) {
      await Promise.all(all.map((upstream) => upstream.firstHealthRound(limitMs)));
    },
    async close() {
      await Promise.all(all.map((upstream) => upstream.close()));
    },
  };
}
