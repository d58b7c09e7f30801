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
import { AppError, type Context } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { noFaults, readConfiguration, type RunningApp } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import {
  createSampleData,
  serviceConfiguration,
  startService,
  type PortParts,
  type Resource,
  type ServiceDefinition,
} from '@bff/service-kit';

const readable = { user: 'own', support: 'any' } as const;
const unused = () => Promise.reject(new AppError('unimplemented', 'No test needs this.'));
const sample = createSampleData;

/** Takes over a status without asking whether it may: what a step is allowed is the real services' affair. */
function step<T extends Resource & { status: unknown }, Operation extends string>(
  { core, clock }: PortParts<T, Operation | 'get'>,
  operation: Operation,
) {
  return (id: string, status: T['status'], context: Context) =>
    core.transition({ operation, read: 'get' }, id, context, (current) =>
      current.status === status ? undefined : { value: { ...current, status, updateTime: clock.date() } },
    );
}

/** The three services as this BFF uses them: the real core, store and protocols, with the simplest of steps. */
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
    cancel: readable,
    confirm: readable,
    withdraw: {},
  },
  createPort(parts) {
    const { core } = parts;
    const [cancel, confirm] = [step(parts, 'cancel'), step(parts, 'confirm')];
    return {
      get: ({ orderId }, context) => core.get('get', orderId, context),
      list: (query, context) => core.list('list', query, context),
      watch: (query, context) => core.watch('watch', query, context),
      cancel: ({ orderId }, context) => cancel(orderId, 'cancelled', context),
      confirm: ({ orderId }, context) => confirm(orderId, 'confirmed', context),
      create: unused,
      withdraw: unused,
    };
  },
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
    capture: readable,
    void: readable,
    refund: readable,
    withdraw: {},
  },
  createPort(parts) {
    const { core } = parts;
    const move = step(parts, 'refund');
    return {
      get: ({ paymentId }, context) => core.get('get', paymentId, context),
      list: (query, context) => core.list('list', query, context),
      watch: (query, context) => core.watch('watch', query, context),
      capture: ({ paymentId }, context) => move(paymentId, 'captured', context),
      void: ({ paymentId }, context) => move(paymentId, 'voided', context),
      refund: ({ paymentId }, context) => move(paymentId, 'refunded', context),
      authorise: unused,
      withdraw: unused,
    };
  },
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
    cancel: readable,
    advance: readable,
    release: readable,
    withdraw: {},
  },
  createPort(parts) {
    const { core } = parts;
    const move = step(parts, 'advance');
    return {
      get: ({ shipmentId }, context) => core.get('get', shipmentId, context),
      list: (query, context) => core.list('list', query, context),
      watch: (query, context) => core.watch('watch', query, context),
      cancel: ({ shipmentId }, context) => move(shipmentId, 'cancelled', context),
      advance: ({ shipmentId, status }, context) => move(shipmentId, status, context),
      release: ({ shipmentId }, context) => core.get('get', shipmentId, context),
      create: unused,
      withdraw: unused,
    };
  },
  sampleData: () => sample().flatMap(({ shipment }) => (shipment ? [{ value: shipment }] : [])),
};

export interface TestService<Port = unknown> {
  /** The service itself, to change things as its own people do; with `asSupport`. */
  readonly port: Port;
  /** Its address over each protocol. */
  readonly urls: Readonly<Record<'http' | 'grpc', string>>;
  /** Takes calls and never answers, until it is healed. */
  hang(): void;
  heal(): void;
  /** Its ports are closed: connections are refused. */
  stop(): Promise<void>;
}

export interface TestServices {
  readonly orders: TestService<OrdersPort>;
  readonly payments: TestService<PaymentsPort>;
  readonly shipments: TestService<ShipmentsPort>;
}

/** Who may change any order. */
export function asSupport(): Context {
  return openTestContext({ principal: { subject: 'sam', client: 'test', scopes: [], roles: ['support'] } })
    .context;
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
): Promise<TestService<Port>> {
  const opened: { port?: Port } = {};
  const createPort: typeof definition.createPort = (parts) => (opened.port = definition.createPort(parts));
  const schema = serviceConfiguration({ name: definition.name, port: 0, grpcPort: 0 });
  const environment = { DATABASE_URL: 'sqlite::memory:', INTERNAL_JWKS: JSON.stringify(keys.jwks) };
  const kit = createTestKit();
  const app = await startService({ ...definition, createPort }, readConfiguration(schema, environment), kit);
  const stop = once(async () => {
    // A call that hangs would keep its server open.
    heal();
    await Promise.all(app.listeners.map((listener) => listener.close(0)));
    await app.close?.();
  });
  const heal = () => kit.faults?.heal();
  return {
    port: opened.port!,
    urls: { http: urlOf(app, 'http'), grpc: urlOf(app, 'grpc') },
    hang: () => kit.faults?.set({ ...noFaults, hang: true }),
    heal,
    stop,
  };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

function urlOf({ listeners }: RunningApp, name: string): string {
  return listeners.find((listener) => listener.name === name)!.url;
}
