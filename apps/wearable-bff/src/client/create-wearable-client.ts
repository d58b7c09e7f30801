import { Client, credentials, Metadata, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { WearableServiceDefinition, type MessageFns } from '../generated/wearable/v1/wearable_service.ts';
import { WearableError } from './wearable-error.ts';

export interface WearableClientOptions {
  /** `orders.example.com:443`. */
  address: string;
  /** Asked before every call, so that it may fetch a new one when the old one is about to expire. */
  accessToken: () => string | Promise<string>;
  /** Default: TLS with the authorities of the system. `credentials.createInsecure()` of @grpc/grpc-js for development. */
  channelCredentials?: ChannelCredentials;
  /** How long a call may take unless it says otherwise, in milliseconds; streams have no limit. Default 5000. */
  timeoutMs?: number;
}

export interface CallOptions {
  timeoutMs?: number;
  /** Gives the call up. */
  signal?: AbortSignal;
}

type Methods = (typeof WearableServiceDefinition)['methods'];
type Message<Type> = Type extends MessageFns<infer M> ? M : never;
type CallOf<Method extends Methods[keyof Methods]> = (
  /** Fields that are left out are empty. */
  request: Partial<Message<Method['requestType']>>,
  options?: CallOptions,
) => Method['responseStream'] extends true
  ? AsyncIterable<Message<Method['responseType']>>
  : Promise<Message<Method['responseType']>>;

/** Every call of `wearable.v1.WearableService`, made from its definition. Calls fail with `WearableError`. */
export type WearableClient = { readonly [Name in keyof Methods]: CallOf<Methods[Name]> } & {
  close(): void;
};

/** A typed client; connects with its first call and keeps the connection. */
export function createWearableClient(options: WearableClientOptions): WearableClient {
  const channel = new Client(options.address, options.channelCredentials ?? credentials.createSsl(), {
    // Calls on a connection that a sleeping radio has lost fail instead of waiting.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 0,
  });
  const calls = Object.entries<AnyMethod>(WearableServiceDefinition.methods as unknown as MethodTable).map(
    ([name, method]) => [
      name,
      method.responseStream ? streamOf(channel, method, options) : unaryOf(channel, method, options),
    ],
  );
  const close = () => {
    channel.close();
  };
  // Object.fromEntries forgets which name has which type; the definition says it.
  return Object.fromEntries([...calls, ['close', close]]) as WearableClient;
}

type MethodTable = Readonly<Record<string, AnyMethod>>;

/** A method whose messages are not looked at. */
interface AnyMethod {
  readonly name: string;
  readonly requestType: Pick<MessageFns<object>, 'encode' | 'fromPartial'>;
  readonly responseType: Pick<MessageFns<object>, 'decode'>;
  readonly responseStream: boolean;
}

function unaryOf(channel: Client, method: AnyMethod, defaults: WearableClientOptions) {
  return async (request: object, { timeoutMs = defaults.timeoutMs ?? 5_000, signal }: CallOptions = {}) => {
    const metadata = await authorised(defaults);
    return new Promise((resolve, reject) => {
      const call = channel.makeUnaryRequest(
        pathOf(method),
        (message: object) => encode(method, message),
        (bytes) => method.responseType.decode(bytes),
        request,
        metadata,
        { deadline: Date.now() + timeoutMs },
        (failure, response) => {
          signal?.removeEventListener('abort', cancel);
          if (failure) reject(new WearableError(failure));
          else resolve(response);
        },
      );
      const cancel = () => {
        call.cancel();
      };
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  };
}

function streamOf(channel: Client, method: AnyMethod, defaults: WearableClientOptions) {
  return async function* (request: object, { timeoutMs, signal }: CallOptions = {}) {
    const call = channel.makeServerStreamRequest(
      pathOf(method),
      (message: object) => encode(method, message),
      (bytes) => method.responseType.decode(bytes),
      request,
      await authorised(defaults),
      timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs },
    );
    const cancel = () => {
      call.cancel();
    };
    // After the loop was left, the end arrives as an error that nobody waits for any more.
    call.on('error', () => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      yield* call;
    } catch (thrown) {
      throw new WearableError(thrown as ServiceError);
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  };
}

async function authorised({ accessToken }: WearableClientOptions): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${await accessToken()}`);
  return metadata;
}

function pathOf({ name }: AnyMethod): string {
  return `/${WearableServiceDefinition.fullName}/${name}`;
}

function encode({ requestType }: AnyMethod, message: object): Buffer {
  return Buffer.from(requestType.encode(requestType.fromPartial(message)).finish());
}
