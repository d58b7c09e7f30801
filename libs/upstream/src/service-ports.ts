import {
  orderOperations,
  paymentOperations,
  shipmentOperations,
  type OrdersPort,
  type PaymentsPort,
  type ShipmentsPort,
} from '@bff/contracts';
import type { Upstream } from './upstream.ts';

export function createOrdersPort(upstream: Upstream): OrdersPort {
  return upstream.port(orderOperations);
}

export function createPaymentsPort(upstream: Upstream): PaymentsPort {
  return upstream.port(paymentOperations);
}

export function createShipmentsPort(upstream: Upstream): ShipmentsPort {
  return upstream.port(shipmentOperations);
}
