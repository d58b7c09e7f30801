import { createTestInternalKeys, type TestInternalKeys } from '@bff/auth/testing';
import {
  orderOperations,
  paymentOperations,
  shipmentOperations,
  type Order,
  type Payment,
  type Shipment,
  type ShipmentStatus,
} from '@bff/contracts';
import { startChangeStream, type ChangeStream } from './change-stream.ts';
import { startFakeService, type FakeService } from './fake-service.ts';
import { readSample, type Sample } from './sample.ts';

/** What is behind mobile-bff: three fake services and the keys that they trust. */
export interface Backend {
  readonly keys: TestInternalKeys;
  readonly sample: Sample;
  readonly services: Readonly<Record<'orders' | 'payments' | 'shipments', FakeService>>;
  readonly changes: {
    readonly orders: ChangeStream<Order>;
    readonly payments: ChangeStream<Payment>;
    readonly shipments: ChangeStream<Shipment>;
  };
  /** Where mobile-bff finds the services. */
  readonly environment: Record<string, string>;
  /** The courier's next report on an order's shipment. */
  moveShipment(orderId: string, status: ShipmentStatus, place: string): void;
  stop(): Promise<void>;
}

export async function startBackend(): Promise<Backend> {
  const keys = createTestInternalKeys();
  const sample = readSample();
  const services = await startServices(sample, keys);
  const changes = await startChanges(sample, keys);
  return {
    keys,
    sample,
    services,
    changes,
    environment: {
      INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
      ORDER_SERVICE_URL: services.orders.url,
      PAYMENT_SERVICE_URL: services.payments.url,
      SHIPPING_SERVICE_URL: services.shipments.url,
      ORDER_SERVICE_WATCH_URL: changes.orders.url,
      PAYMENT_SERVICE_WATCH_URL: changes.payments.url,
      SHIPPING_SERVICE_WATCH_URL: changes.shipments.url,
    },
    moveShipment(orderId, status, place) {
      const shipments = sample.shipments as Shipment[];
      const index = shipments.findIndex((shipment) => shipment.orderId === orderId);
      const shipment = shipments[index]!;
      // The last few: what is told over and over must not grow without end.
      const events = [...shipment.events.slice(-3), { status, place, time: new Date() }];
      shipments[index] = changes.shipments.change({ ...shipment, status, events, updateTime: new Date() });
    },
    async stop() {
      await Promise.all(Object.values(services).map((service) => service.stop()));
      await Promise.all(Object.values(changes).map((stream) => stream.stop()));
    },
  };
}

async function startServices({ orders, payments, shipments }: Sample, keys: TestInternalKeys) {
  const [orderService, paymentService, shippingService] = await Promise.all([
    startFakeService({ name: 'order-service', items: orders, ...orderOperations, keys }),
    startFakeService({ name: 'payment-service', items: payments, list: paymentOperations.list, keys }),
    startFakeService({ name: 'shipping-service', items: shipments, list: shipmentOperations.list, keys }),
  ]);
  return { orders: orderService, payments: paymentService, shipments: shippingService };
}

async function startChanges(sample: Sample, keys: TestInternalKeys) {
  const last = (items: readonly { revision: number }[]) => Math.max(...items.map(({ revision }) => revision));
  const [orders, payments, shipments] = await Promise.all([
    startChangeStream({
      name: 'order-service',
      watch: orderOperations.watch,
      keys,
      revision: last(sample.orders),
    }),
    startChangeStream({
      name: 'payment-service',
      watch: paymentOperations.watch,
      keys,
      revision: last(sample.payments),
    }),
    startChangeStream({
      name: 'shipping-service',
      watch: shipmentOperations.watch,
      keys,
      revision: last(sample.shipments),
    }),
  ]);
  return { orders, payments, shipments };
}
