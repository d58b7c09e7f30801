import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { AppError } from '@bff/core';
import {
  encodeStatusDetails,
  grpcStatusOf,
  healthOperations,
  orderOperations,
  type Change,
  type Order,
  type UnaryOperation,
} from '@bff/contracts';
import type { Respond, SeenRequest, StandIn } from './stand-in.ts';

type AnyCall = ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>;

export interface GrpcStandIn extends StandIn {
  /** Ends every connection as a killed process would. */
  resetConnections(): void;
  /** From now on health checks get no answer, as from a process that is frozen. */
  fallSilent(): void;
}

export interface GrpcBehaviour {
  respond?: Respond;
  /** Writes the changes of a watch. */
  watch?: (seen: SeenRequest) => AsyncIterable<Change<Order>>;
  /** The bytes of every unary answer, in place of what `respond` gives. */
  answerBytes?: Buffer;
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
}

/** The order service over gRPC. */
export async function startGrpcStandIn(behaviour: GrpcBehaviour): Promise<GrpcStandIn> {
  const { respond = () => Promise.reject(new Error('not expected')), watch, answerBytes } = behaviour;
  const server = new Server({ 'grpc.max_send_message_length': -1 });
  const sockets = new Map<string, Socket>();
  const seenOf = (operation: string, call: AnyCall): SeenRequest => describeCall(operation, call, sockets);
  for (const operation of Object.values(orderOperations)) {
    if (operation.kind === 'stream') continue;
    const { rpcPath, name, request, response } = operation as UnaryOperation<unknown, unknown>;
    const handle = (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
      respond(seenOf(name, call)).then(
        (value) => answer(null, value),
        (error: unknown) => answer(grpcErrorOf(error)),
      );
    };
    const encode = (value: unknown) => answerBytes ?? response.encode(value);
    server.register(rpcPath, handle, encode, (bytes) => request.decode(bytes), 'unary');
  }
  const { rpcPath, request, response } = orderOperations.watch;
  server.register(
    rpcPath,
    (call: ServerWritableStream<unknown, unknown>) =>
      void writeAll(call, watch?.(seenOf('WatchOrders', call))),
    (value: unknown) => response.encode(value as Change<Order>),
    (bytes) => request.decode(bytes),
    'serverStream',
  );
  const health = addHealth(server);
  return { ...(await listen(server, sockets, behaviour)), ...health };
}

function addHealth(server: Server) {
  let draining = false;
  let silent = false;
  const { rpcPath, request, response } = healthOperations.check;
  server.register(
    rpcPath,
    (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<'serving' | 'not_serving'>) =>
      silent || answer(null, draining ? 'not_serving' : 'serving'),
    (status) => response.encode(status),
    (bytes) => request.decode(bytes),
    'unary',
  );
  return {
    drain() {
      draining = true;
    },
    fallSilent() {
      silent = true;
    },
  };
}

async function listen(
  server: Server,
  sockets: Map<string, Socket>,
  { port = 0, host = '127.0.0.1' }: GrpcBehaviour,
): Promise<Omit<GrpcStandIn, 'drain' | 'fallSilent'>> {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const acceptor = createServer((socket) => {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  await new Promise<void>((resolve) => acceptor.listen(port, host, resolve));
  const resetConnections = () => {
    for (const socket of sockets.values()) socket.resetAndDestroy();
  };
  return {
    url: `grpc://${host}:${(acceptor.address() as AddressInfo).port}`,
    resetConnections,
    async finish() {
      const closed = new Promise((resolve) => acceptor.close(resolve));
      server.tryShutdown(() => undefined);
      await closed;
    },
    async close() {
      const closed = new Promise((resolve) => acceptor.close(resolve));
      resetConnections();
      await closed;
      server.forceShutdown();
    },
  };
}

function describeCall(operation: string, call: AnyCall, sockets: ReadonlyMap<string, Socket>): SeenRequest {
  const deadline = call.getDeadline();
  const socket = sockets.get(call.getPeer());
  if (!socket) throw new Error(`No connection from ${call.getPeer()}.`);
  return {
    operation,
    request: call.request,
    headers: call.metadata.getMap() as Record<string, string>,
    timeoutMs: (typeof deadline === 'number' ? deadline : deadline.getTime()) - Date.now(),
    cancelled: new Promise((resolve) => {
      call.on('cancelled', resolve);
    }),
    socket,
  };
}

function grpcErrorOf(thrown: unknown) {
  const error = AppError.from(thrown);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatusDetails(error));
  return { code: grpcStatusOf(error.code), details: error.message, metadata };
}

async function writeAll(
  call: ServerWritableStream<unknown, unknown>,
  changes: AsyncIterable<Change<Order>> | undefined,
): Promise<void> {
  try {
    for await (const change of changes ?? []) call.write(change);
    call.end();
  } catch (thrown) {
    call.emit('error', grpcErrorOf(thrown));
  }
}
