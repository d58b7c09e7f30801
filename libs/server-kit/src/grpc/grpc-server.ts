import type { Socket } from 'node:net';
import {
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import type { Authorise } from '@bff/auth';
import { AppError, type Call, type Context, type Principal } from '@bff/core';
import type { Codec, StreamOperation, UnaryOperation } from '@bff/contracts';
import type { ProcessKit } from '../process-kit.ts';
import { defaultGrpcLimits, type GrpcLimits } from './grpc-limits.ts';
import { createLimitedServer } from './limited-server.ts';
import { runCall, type ArrivalGate, type CallGate } from './run-call.ts';

export interface GrpcServerOptions {
  kit: ProcessKit;
  /** Longest time that one unary call may take, in milliseconds. */
  requestTimeoutMs: number;
  /** Longest life of a stream; the client then opens a new one. Default one hour. */
  streamTimeoutMs?: number;
  /** Largest message that is accepted, in bytes, also when it is unpacked. Default 1 MiB. */
  maxMessageBytes?: number;
  /** What is taken from the outside. Default `defaultGrpcLimits`. */
  limits?: GrpcLimits;
  /** Passed by every call before it is known who calls. */
  arrivals?: readonly ArrivalGate[];
  /** Turns the `authorization` metadata into a principal; throws `unauthenticated`. */
  authenticate: (authorization: string | undefined) => Promise<Principal>;
  /** Decides by its name whether the caller may use an operation. Services leave it out: theirs is decided in their core. */
  authorise?: Authorise<string>;
  /** Passed in order by every authenticated call before its work. */
  gates?: readonly CallGate[];
}

export interface OperationOptions {
  /** Served without a principal: health and nothing else. */
  anonymous?: boolean;
}

export type StreamCall<Req, Res> = (request: Req, context: Context) => AsyncIterable<Res>;

/** A grpc-js server whose methods are operations of a contract's table. */
export interface GrpcServer {
  readonly server: Server;
  readonly limits: GrpcLimits;
  /** Full names of the services that have at least one operation here. */
  readonly services: ReadonlySet<string>;
  /** The connections that its listener has handed in, by the `address:port` they come from. */
  readonly peers: Map<string, Socket>;
  unary<Req, Res>(
    operation: UnaryOperation<Req, Res>,
    call: Call<Req, Res>,
    options?: OperationOptions,
  ): void;
  stream<Req, Res>(
    operation: StreamOperation<Req, Res>,
    call: StreamCall<Req, Res>,
    options?: OperationOptions,
  ): void;
}

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { limits = defaultGrpcLimits, maxMessageBytes = 1024 * 1024, gates = [], arrivals = [] } = options;
  const server = createLimitedServer(limits, maxMessageBytes);
  const peers = new Map<string, Socket>();
  const environment = { ...options, gates, arrivals, limits, peers };
  const streamTimeoutMs = options.streamTimeoutMs ?? 3_600_000;
  const services = new Set<string>();
  return {
    server,
    limits,
    services,
    peers,
    unary<Req, Res>(
      operation: UnaryOperation<Req, Res>,
      run: Call<Req, Res>,
      { anonymous = false }: OperationOptions = {},
    ) {
      services.add(operation.service);
      const settings = { operation, limitMs: options.requestTimeoutMs, anonymous, endsAtDrain: false };
      const handle = (call: ServerUnaryCall<Uint8Array, Res>, respond: sendUnaryData<Res>) => {
        const work = async (context: Context) => run(decodeRequest(operation, call.request), context);
        runCall(environment, settings, call, work).then(
          (response) => {
            respond(null, response);
          },
          (failure: unknown) => {
            respond(failure as ServiceError);
          },
        );
      };
      server.register(operation.rpcPath, handle, operation.response.encode, asBytes, 'unary');
    },
    stream<Req, Res>(
      operation: StreamOperation<Req, Res>,
      run: StreamCall<Req, Res>,
      { anonymous = false }: OperationOptions = {},
    ) {
      services.add(operation.service);
      const settings = { operation, limitMs: streamTimeoutMs, anonymous, endsAtDrain: true };
      const handle = (call: ServerWritableStream<Uint8Array, Res>) => {
        const work = async (context: Context) =>
          sendAll(run(decodeRequest(operation, call.request), context), call, context);
        runCall(environment, settings, call, work).then(
          () => {
            call.end();
          },
          (failure: unknown) => {
            call.emit('error', failure);
          },
        );
      };
      server.register(operation.rpcPath, handle, operation.response.encode, asBytes, 'serverStream');
    },
  };
}

/** grpc-js gets the bytes as they are: what its own deserializer throws would become INTERNAL, before the caller is known. */
const asBytes = (bytes: Buffer): Uint8Array => bytes;

function decodeRequest<Req>(operation: { request: Pick<Codec<Req>, 'decode'> }, bytes: Uint8Array): Req {
  try {
    return operation.request.decode(bytes);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_argument', 'The message could not be read.', { cause });
  }
}

/**
 * Writes a stream no faster than its reader reads: the next message is asked for when the one before has left this process.
 * What `write` returns is no help: small messages pile up by the hundred before it says stop, for every slow reader.
 */
async function sendAll<Res>(
  messages: AsyncIterable<Res>,
  call: ServerWritableStream<Uint8Array, Res>,
  { signal }: Context,
): Promise<void> {
  for await (const message of messages) {
    if (signal.aborted) return;
    await sent(message, call, signal);
  }
}

function sent<Res>(
  message: Res,
  call: { write(message: Res, whenSent: () => void): unknown },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    // A call that was cancelled meanwhile never calls back.
    signal.addEventListener('abort', finish, { once: true });
    call.write(message, finish);
  });
}
