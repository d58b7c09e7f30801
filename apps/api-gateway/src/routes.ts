import { authorisation } from './authorisation.ts';
import type { ApiGatewayConfiguration } from './config.ts';

/** One line of the gateway's route table. */
export interface Route {
  /** The path itself and everything below it; compared as it stands, letter case and encoding included. */
  readonly prefix: string;
  /** Audience of the internal token, and name in metrics. */
  readonly service: string;
  /** Addresses of its instances, as `parseUpstreamUrls` reads them. */
  readonly urls: string;
  /** Those that `authorisation` has a row for. */
  readonly methods: readonly string[];
}

export function createRoutes(configuration: ApiGatewayConfiguration): readonly Route[] {
  return [
    { prefix: '/v1/orders', service: 'order-service', urls: configuration.ORDER_SERVICE_URL },
    { prefix: '/v1/payments', service: 'payment-service', urls: configuration.PAYMENT_SERVICE_URL },
    { prefix: '/v1/shipments', service: 'shipping-service', urls: configuration.SHIPPING_SERVICE_URL },
  ].map((route) => ({ ...route, methods: methodsOf(route.prefix) }));
}

function methodsOf(prefix: string): string[] {
  return Object.keys(authorisation).flatMap((operation) => {
    const [method = '', path] = operation.split(' ');
    return path === prefix ? [method] : [];
  });
}
