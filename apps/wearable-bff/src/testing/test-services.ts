import type { TestInternalKeys } from '@bff/auth/testing';
import {
  orderOperations,
  paymentOperations,
  shipmentOperations,
  type Order,
  type OrdersPort,
  type Payment,
  type PaymentsPort,
  type Shipment,
  type ShipmentsPort,
} from '@bff/contracts';
import { AppError } from '@bff/core';
import { readConfiguration, type RunningApp } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import {
  createSampleData,
  serviceConfiguration,
  startService,
  type Resource,
  type ServiceDefinition,
} from '@bff/service-kit';

const readable = { user: 'own', support: 'any' } as const;
const refuse = () => Promise.reject(new AppError('unimplemented', 'These services are for reading.'));
const sample = createSampleData;

/** The three services as this BFF reads them: the real core, store and protocols, without the writes. */
const orderService: ServiceDefinition<Order, OrdersPort> = {
  name: 'order-service',
  type: {
    noun: 'order',
    idPrefix: 'ord',
    idOf: ({ orderId }) => orderId,
    codec: orderOperations.get.response,
  },
  operations: orderOperations,
  authorisation: {
    get: readable,
    list: readable,
    watch: readable,
    create: {},
    cancel: {},
    confirm: {},
  },
  createPort: ({ core }) => ({
    get: ({ orderId }, context) => core.get('get', orderId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    create: refuse,
    cancel: refuse,
    confirm: refuse,
  }),
  sampleData: () => sample().map(({ order }) => ({ value: order })),
};

const paymentService: ServiceDefinition<Payment, PaymentsPort> = {
  name: 'payment-service',
  type: {
    noun: 'payment',
    idPrefix: 'pay',
    idOf: ({ paymentId }) => paymentId,
    codec: paymentOperations.get.response,
  },
  operations: paymentOperations,
  authorisation: {
    get: readable,
    list: readable,
    watch: readable,
    authorise: {},
    capture: {},
    void: {},
    refund: {},
  },
  createPort: ({ core }) => ({
    get: ({ paymentId }, context) => core.get('get', paymentId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    authorise: refuse,
    capture: refuse,
    void: refuse,
    refund: refuse,
  }),
  sampleData: () => sample().map(({ payment }) => ({ value: payment })),
};

const shippingService: ServiceDefinition<Shipment, ShipmentsPort> = {
  name: 'shipping-service',
  type: {
    noun: 'shipment',
    idPrefix: 'shp',
    idOf: ({ shipmentId }) => shipmentId,
    codec: shipmentOperations.get.response,
  },
  operations: shipmentOperations,
  authorisation: {
    get: readable,
    list: readable,
    watch: readable,
    create: {},
    cancel: {},
    advance: {},
  },
  createPort: ({ core }) => ({
    get: ({ shipmentId }, context) => core.get('get', shipmentId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    create: refuse,
    cancel: refuse,
    advance: refuse,
  }),
  sampleData: () => sample().flatMap(({ shipment }) => (shipment ? [{ value: shipment }] : [])),
};

export interface TestService {
  /** Its address over each protocol. */
  readonly urls: Readonly<Record<'http' | 'grpc', string>>;
  /** Takes calls and never answers, until it is healed. */
  hang(): void;
  heal(): void;
  /** Its ports are closed: connections are refused. */
  stop(): Promise<void>;
}

export interface TestServices {
  readonly orders: TestService;
  readonly payments: TestService;
  readonly shipments: TestService;
}

/** Starts the three services in this process on free ports, each with the sample data in memory. */
export async function startTestServices(keys: TestInternalKeys): Promise<TestServices> {
  const [orders, payments, shipments] = await Promise.all([
    startTestService(orderService, keys),
    startTestService(paymentService, keys),
    startTestService(shippingService, keys),
  ]);
  return { orders, payments, shipments };
}

async function startTestService<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  keys: TestInternalKeys,
): Promise<TestService> {
  const schema = serviceConfiguration({ name: definition.name, port: 0, grpcPort: 0 });
  const environment = { DATABASE_URL: 'sqlite::memory:', INTERNAL_JWKS: JSON.stringify(keys.jwks) };
  const app = await startService(definition, readConfiguration(schema, environment), createTestKit());
  const stop = once(async () => {
    // A call that hangs would keep its server open.
    heal();
    await Promise.all(app.listeners.map((listener) => listener.close(0)));
    await app.close?.();
  });
  const heal = () => void route(app, 'DELETE').handle(undefined);
  return {
    urls: { http: urlOf(app, 'http'), grpc: urlOf(app, 'grpc') },
    hang: () => void route(app, 'PUT').handle({ hang: true }),
    heal,
    stop,
  };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

function route({ adminRoutes = [] }: RunningApp, method: string) {
  return adminRoutes.find((candidate) => candidate.path === '/faults' && candidate.method === method)!;
}

function urlOf({ listeners }: RunningApp, name: string): string {
  return listeners.find((listener) => listener.name === name)!.url;
}
