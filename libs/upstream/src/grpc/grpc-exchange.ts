import { AppError, type Clock, type Context } from '@bff/core';
import type { Operation } from '@bff/contracts';
import { Metadata, type CallOptions, type Client } from '@grpc/grpc-js';
import { timeForNextHop } from '../time-for-next-hop.ts';
import type { Attempt } from '../transport.ts';
import { malformedAnswer } from '../upstream-failure.ts';
import { toGrpcError } from './grpc-error.ts';

export interface GrpcExchangeOptions {
  readonly clock: Clock;
  readonly deadlineMarginMs: number;
}

type Exchange<Req, Res> = Pick<Attempt<Req, Res>, 'operation' | 'request' | 'headers'>;

/** One unary call on a channel. */
export function exchange<Req, Res>(
  client: Client,
  attempt: Exchange<Req, Res>,
  context: Context,
  options: GrpcExchangeOptions,
): Promise<Res> {
  const { operation, request, headers } = attempt;
  const { signal } = context;
  const callOptions = deadlineOf(context, options);
  const bytes = operation.request.encode(request);
  return new Promise<Res>((resolve, reject) => {
    const call = client.makeUnaryRequest<Buffer, Buffer>(
      operation.rpcPath,
      asBytes,
      asBytes,
      bytes,
      toMetadata(headers),
      callOptions,
      (error, answer) => {
        signal.removeEventListener('abort', cancel);
        if (error) reject(toGrpcError(error, operation.name));
        else settleWith(() => decodeAnswer(operation, answer), resolve, reject);
      },
    );
    const cancel = () => {
      // At once: the callback comes when the channel gets round to it.
      reject(AppError.from(signal.reason));
      call.cancel();
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}

/** One call whose answers come one by one. */
export async function* stream<Req, Res>(
  client: Client,
  attempt: Attempt<Req, Res>,
  context: Context,
  options: GrpcExchangeOptions,
): AsyncGenerator<Res> {
  const { operation, request, headers } = attempt;
  const { signal } = context;
  const call = client.makeServerStreamRequest<Buffer, Buffer>(
    operation.rpcPath,
    asBytes,
    asBytes,
    operation.request.encode(request),
    toMetadata(headers),
    deadlineOf(context, options),
  );
  const cancel = () => {
    call.cancel();
  };
  // After a reader has left, the cancellation arrives as an error event that nobody awaits any more.
  call.on('error', () => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const answer of call) yield decodeAnswer(operation, answer as Buffer);
  } catch (thrown) {
    if (signal.aborted) throw AppError.from(signal.reason);
    throw toGrpcError(thrown, operation.name);
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}

/** setTimeout, which grpc-js uses, holds no more than 2^31 - 1 ms; beyond that there is no deadline to speak of. */
const longestTimer = 2 ** 31 - 1;

function deadlineOf(context: Context, options: GrpcExchangeOptions): CallOptions {
  const timeoutMs = timeForNextHop(context, options.deadlineMarginMs);
  return timeoutMs > longestTimer ? {} : { deadline: new Date(options.clock.date().getTime() + timeoutMs) };
}

function toMetadata(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

/** Codecs run here and not inside grpc-js, which would turn what they throw into statuses. */
function asBytes(bytes: Buffer): Buffer {
  return bytes;
}

function settleWith<T>(
  produce: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  try {
    resolve(produce());
  } catch (thrown) {
    reject(thrown);
  }
}

function decodeAnswer<Req, Res>(operation: Operation<Req, Res>, answer: Buffer | undefined): Res {
  if (answer === undefined) throw malformedAnswer(operation.name);
  try {
    return operation.response.decode(answer);
  } catch (cause) {
    throw malformedAnswer(operation.name, cause);
  }
}
