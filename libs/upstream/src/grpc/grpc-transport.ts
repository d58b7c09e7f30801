import { AppError, type Clock, type Context } from '@bff/core';
import { healthOperations, type Operation } from '@bff/contracts';
import { Client, credentials, Metadata, type CallOptions, type ChannelOptions } from '@grpc/grpc-js';
import { timeForNextHop } from '../time-for-next-hop.ts';
import type { Attempt, Transport } from '../transport.ts';
import { malformedAnswer, unavailable } from '../upstream-failure.ts';
import { toGrpcError } from './grpc-error.ts';

export interface GrpcTransportOptions {
  clock: Clock;
  deadlineMarginMs: number;
  maxResponseBytes: number;
}

/** gRPC: one channel per instance, opened at its first call. */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  const clients = new Map<string, Client>();
  let closed = false;

  const clientOf = (url: string): Client => {
    if (closed) throw unavailable('refused', 'The upstream was called after its close.');
    const known = clients.get(url);
    if (known) return known;
    const client = new Client(new URL(url).host, credentials.createInsecure(), channelOptions(options));
    clients.set(url, client);
    return client;
  };

  return {
    protocol: 'grpc',
    exchange: async (attempt, context) =>
      exchange(clientOf(attempt.lease.endpoint.url), attempt, context, options),
    stream: (attempt, context) => stream(clientOf(attempt.lease.endpoint.url), attempt, context, options),
    check: async ({ url }, context) => checkHealth(clientOf(url), context, options),
    forget({ url }) {
      // Ends the channel after the calls that it still has.
      clients.get(url)?.close();
      clients.delete(url);
    },
    close() {
      closed = true;
      for (const client of clients.values()) client.close();
      return Promise.resolve();
    },
  };
}

function channelOptions(options: GrpcTransportOptions): ChannelOptions {
  return {
    // A restarted service is found again within a second; between tries, calls fail at once.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // A frozen peer on an open connection is noticed while calls wait for it. Not without calls: servers
    // answer idle pings with GOAWAY «too many pings».
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.keepalive_permit_without_calls': 0,
    'grpc.max_receive_message_length': options.maxResponseBytes,
    // Retrying is decided above the balancer, with a budget.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    // Addresses inside are called directly, whatever the environment says about proxies.
    'grpc.enable_http_proxy': 0,
    // Channels with equal options would share connections, and the state of them.
    'grpc.use_local_subchannel_pool': 1,
  };
}

type Exchange<Req, Res> = Pick<Attempt<Req, Res>, 'operation' | 'request' | 'headers'>;

/** `grpc.health.v1`, over the same channel as the calls: an instance that cannot be reached by it is not well. */
async function checkHealth(
  client: Client,
  context: Context,
  options: GrpcTransportOptions,
): Promise<boolean> {
  const operation = healthOperations.check;
  try {
    return (
      (await exchange(client, { operation, request: { service: '' }, headers: {} }, context, options)) ===
      'serving'
    );
  } catch (thrown) {
    // A server without the health service is alive: it has just said so.
    const { code } = AppError.from(thrown);
    return code === 'unimplemented' || code === 'not_found';
  }
}

function exchange<Req, Res>(
  client: Client,
  attempt: Exchange<Req, Res>,
  context: Context,
  options: GrpcTransportOptions,
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

async function* stream<Req, Res>(
  client: Client,
  attempt: Attempt<Req, Res>,
  context: Context,
  options: GrpcTransportOptions,
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

function deadlineOf(context: Context, options: GrpcTransportOptions): CallOptions {
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
