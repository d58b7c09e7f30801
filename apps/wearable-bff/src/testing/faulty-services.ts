import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { orderOperations, paymentOperations, shipmentOperations, type UnaryOperation } from '@bff/contracts';
import { createSampleData } from '@bff/service-kit';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

/** What one service does with the calls of one cell; `refused` is a port where nobody listens. */
export const behaviours = ['ok', 'error', 'timeout', 'refused', 'broken'] as const;
export type Behaviour = (typeof behaviours)[number];

/** The order, payment and shipping service in this order. */
export type Cell = readonly [order: Behaviour, payment: Behaviour, shipment: Behaviour];

/** The order whose calls are treated like that: all cells can be asked at the same time. */
export function orderIdOf(cell: Cell): string {
  return `cell.${cell.join('.')}`;
}

/** What a careless service says of itself. */
const confession = 'order-service at 10.1.2.3:5432: connect ECONNREFUSED at Socket.<anonymous> (node:net:1)';

interface FaultyService {
  readonly index: number;
  readonly operation: UnaryOperation<never, never>;
  orderIdOf(request: unknown): string;
  answer(orderId: string): unknown;
}

const [sample] = createSampleData();
if (!sample?.shipment) throw new Error('The first order of the sample data has a shipment.');
const { order, payment, shipment } = sample;

const listed = (request: unknown) => (request as { orderIds: string[] }).orderIds[0] ?? '';
const page = <T>(item: T) => ({ items: [item], nextPageToken: undefined });
// Each pairs an operation with its own answer; the loop over them cannot say so.
const services = [
  {
    index: 0,
    operation: orderOperations.get,
    orderIdOf: (request: unknown) => (request as { orderId: string }).orderId,
    answer: (orderId: string) => ({ ...order, orderId }),
  },
  {
    index: 1,
    operation: paymentOperations.list,
    orderIdOf: listed,
    answer: (orderId: string) => page({ ...payment, orderId }),
  },
  {
    index: 2,
    operation: shipmentOperations.list,
    orderIdOf: listed,
    answer: (orderId: string) => page({ ...shipment, orderId }),
  },
] as unknown as readonly FaultyService[];

export interface FaultyServices {
  /** Of order, payment and shipping service. */
  readonly urls: readonly [string, string, string];
  close(): void;
}

/** Three services that do with each order what its id says; `refuses` are those where nobody listens. */
export async function startFaultyServices(
  protocol: 'http' | 'grpc',
  refuses: readonly [boolean, boolean, boolean],
): Promise<FaultyServices> {
  const started = await Promise.all(
    services.map(async (service) => {
      if (refuses[service.index]) return { port: await closedPort(), close: () => undefined };
      return protocol === 'http' ? serveHttp(service) : serveGrpc(service);
    }),
  );
  const [first = '', second = '', third = ''] = started.map(({ port }) => `${protocol}://127.0.0.1:${port}`);
  return {
    urls: [first, second, third],
    close() {
      for (const { close } of started) close();
    },
  };
}

function behaviourOf({ index }: FaultyService, orderId: string): Behaviour {
  return orderId.split('.')[index + 1] as Behaviour;
}

async function serveHttp(service: FaultyService) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
    const orderId = searchParams.get('orderIds') ?? decodeURIComponent(pathname.split('/')[3] ?? '');
    answerHttp(service, orderId, response);
  });
  const port = await listen(server);
  return {
    port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerHttp(service: FaultyService, orderId: string, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  const behaviour = behaviourOf(service, orderId);
  if (behaviour === 'ok') {
    response.end(JSON.stringify(service.operation.response.toJson(service.answer(orderId) as never)));
  }
  if (behaviour === 'error') response.writeHead(503).end(JSON.stringify({ detail: confession }));
  if (behaviour === 'broken') response.end('{"order": {"orderId": ');
}

async function serveGrpc(service: FaultyService) {
  const server = new Server();
  const { operation } = service;
  const handle = (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => {
    const orderId = service.orderIdOf(operation.request.decode(call.request));
    const behaviour = behaviourOf(service, orderId);
    if (behaviour === 'ok') respond(null, operation.response.encode(service.answer(orderId) as never));
    if (behaviour === 'error') respond({ code: status.INTERNAL, details: confession });
    if (behaviour === 'broken') respond(null, Buffer.from([0x0a, 0xff, 0x01]));
  };
  const asIs = (bytes: Buffer) => bytes;
  server.register(operation.rpcPath, handle, asIs, asIs, 'unary');
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    close() {
      server.forceShutdown();
    },
  };
}

async function closedPort(): Promise<number> {
  const server = createSocketServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: SocketServer): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
