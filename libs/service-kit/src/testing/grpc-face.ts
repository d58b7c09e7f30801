import {
  decodeStatusDetails,
  type OperationsOf,
  type StreamOperation,
  type UnaryOperation,
} from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

export interface GrpcFaceOptions<Port> {
  operations: OperationsOf<Port>;
  /** `127.0.0.1:9201`. */
  address: string;
  /** The `authorization` metadata; undefined for none. */
  authorization: (context: Context) => Promise<string | undefined>;
}

/** A port over a plain grpc-js client, written for tests and nothing else. */
export function createGrpcFace<Port extends object>(
  options: GrpcFaceOptions<Port>,
): Port & { close(): void } {
  const client = new Client(options.address, credentials.createInsecure());
  const methods = Object.entries<unknown>(options.operations).map(([name, row]) => {
    const operation = row as UnaryOperation<unknown, unknown> | StreamOperation<unknown, unknown>;
    const call =
      operation.kind === 'unary'
        ? (request: unknown, context: Context) => callUnary(client, operation, options, request, context)
        : (request: unknown, context: Context) => callStream(client, operation, options, request, context);
    return [name, call];
  });
  const close = () => {
    client.close();
  };
  return { ...(Object.fromEntries(methods) as Port), close };
}

async function callUnary<Port>(
  client: Client,
  { rpcPath, request, response }: UnaryOperation<unknown, unknown>,
  { authorization }: GrpcFaceOptions<Port>,
  message: unknown,
  context: Context,
): Promise<unknown> {
  const metadata = metadataOf(await authorization(context), context);
  const deadline = Date.now() + context.deadline.remainingMs();
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      rpcPath,
      request.encode,
      response.decode,
      message,
      metadata,
      { deadline },
      (failure, answer) => {
        if (failure) reject(appErrorOf(failure));
        else resolve(answer);
      },
    );
    context.signal.addEventListener('abort', () => {
      call.cancel();
    });
  });
}

async function* callStream<Port>(
  client: Client,
  { rpcPath, request, response }: StreamOperation<unknown, unknown>,
  { authorization }: GrpcFaceOptions<Port>,
  message: unknown,
  context: Context,
): AsyncGenerator {
  const metadata = metadataOf(await authorization(context), context);
  const call = client.makeServerStreamRequest(rpcPath, request.encode, response.decode, message, metadata);
  context.signal.addEventListener('abort', () => {
    call.cancel();
  });
  try {
    for await (const answer of call) yield answer;
  } catch (failure) {
    throw appErrorOf(failure as ServiceError);
  } finally {
    call.cancel();
  }
}

function metadataOf(authorization: string | undefined, { idempotencyKey }: Context): Metadata {
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  if (idempotencyKey !== undefined) metadata.set('idempotency-key', idempotencyKey);
  return metadata;
}

function appErrorOf(failure: ServiceError): AppError {
  const [bytes] = failure.metadata.get('grpc-status-details-bin');
  if (!(bytes instanceof Uint8Array)) return new AppError('unavailable', failure.details, { cause: failure });
  const { code = 'internal', faults } = decodeStatusDetails(bytes);
  return new AppError(code, failure.details, { faults, cause: failure });
}
