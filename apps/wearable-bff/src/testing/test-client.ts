import {
  decodeStatusDetails,
  type StatusDetails,
  type StreamOperation,
  type UnaryOperation,
} from '@bff/contracts';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';

export interface CallOptions {
  /** The `authorization` metadata; undefined for none. */
  authorization?: string | undefined;
  metadata?: Readonly<Record<string, string>>;
  /** The client's own deadline, in milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface Answer<Res> {
  readonly response: Res;
  /** Size of the response message as it came. */
  readonly bytes: number;
}

/** How a call failed, as a foreign client sees it. */
export interface Failure {
  readonly status: string;
  readonly message: string;
  readonly details: StatusDetails | undefined;
  readonly requestId: string | undefined;
  /** Everything the server said, as one text to look for inside names in. */
  readonly said: string;
}

/** A watch: a plain grpc-js client. */
export interface TestClient {
  call<Req, Res>(
    operation: UnaryOperation<Req, Res>,
    request: Req,
    options?: CallOptions,
  ): Promise<Answer<Res>>;
  /** The failure of a call that must not succeed. */
  fail<Req, Res>(operation: UnaryOperation<Req, Res>, request: Req, options?: CallOptions): Promise<Failure>;
  /** A stream's messages as they come; leaving the loop cancels it, a failure of the call is thrown as it is. */
  stream<Req, Res>(
    operation: StreamOperation<Req, Res>,
    request: Req,
    options?: CallOptions,
  ): AsyncIterable<Res>;
  readonly grpc: Client;
  close(): void;
}

/** `url` is a listener's, `grpc://127.0.0.1:41001`. */
export function createTestClient(url: string): TestClient {
  const grpc = new Client(new URL(url).host, credentials.createInsecure());
  const call: TestClient['call'] = (operation, request, options = {}) =>
    new Promise((resolve, reject) => {
      const { timeoutMs = 5_000, signal } = options;
      const running = grpc.makeUnaryRequest<Buffer, Buffer>(
        operation.rpcPath,
        (bytes) => bytes,
        (bytes) => bytes,
        operation.request.encode(request),
        metadataOf(options),
        { deadline: Date.now() + timeoutMs },
        (failure, bytes = Buffer.alloc(0)) => {
          if (failure) reject(failure);
          else resolve({ response: operation.response.decode(bytes), bytes: bytes.length });
        },
      );
      signal?.addEventListener('abort', () => {
        running.cancel();
      });
    });
  return {
    grpc,
    call,
    async *stream(operation, request, options = {}) {
      const { timeoutMs = 10_000, signal } = options;
      const running = grpc.makeServerStreamRequest<Buffer, Buffer>(
        operation.rpcPath,
        (bytes) => bytes,
        (bytes) => bytes,
        operation.request.encode(request),
        metadataOf(options),
        { deadline: Date.now() + timeoutMs },
      );
      running.on('error', () => undefined);
      signal?.addEventListener('abort', () => {
        running.cancel();
      });
      try {
        for await (const bytes of running) yield operation.response.decode(bytes as Buffer);
      } finally {
        running.cancel();
      }
    },
    async fail(operation, request, options) {
      const answer = await call(operation, request, options).then(JSON.stringify, failureOf);
      if (typeof answer === 'string') throw new Error(`The call succeeded: ${answer}`);
      return answer;
    },
    close: () => {
      grpc.close();
    },
  };
}

function metadataOf({ authorization, metadata = {} }: CallOptions): Metadata {
  const result = new Metadata();
  if (authorization !== undefined) result.set('authorization', authorization);
  for (const [name, value] of Object.entries(metadata)) result.set(name, value);
  return result;
}

export function failureOf(thrown: ServiceError): Failure {
  const [bytes] = thrown.metadata.get('grpc-status-details-bin');
  const [requestId] = thrown.metadata.get('x-request-id');
  const binary = bytes instanceof Uint8Array ? bytes : undefined;
  return {
    status: status[thrown.code],
    message: thrown.details,
    details: binary && decodeStatusDetails(binary),
    requestId: typeof requestId === 'string' ? requestId : undefined,
    said: `${thrown.details} ${Buffer.from(binary ?? []).toString('latin1')}`,
  };
}
