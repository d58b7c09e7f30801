import { AppError, type Context } from '@bff/core';

/**
 * How one operation of a service looks on the wire, over gRPC and over HTTP/JSON alike.
 * Clients (`@bff/upstream`) and servers (`@bff/service-kit`, the gRPC side of `@bff/server-kit`)
 * are made from the same table, so the two sides cannot disagree.
 */
export interface Operation<Req, Res> {
  /** `GetOrder`. */
  readonly name: string;
  /** `commerce.order.v1.OrderService`. */
  readonly service: string;
  /** `/commerce.order.v1.OrderService/GetOrder`. */
  readonly rpcPath: string;
  /** May the call be repeated: always (`safe`, `idempotent`) or only with an idempotency key (`keyed`)? */
  readonly safety: 'safe' | 'idempotent' | 'keyed';
  /** Undefined for operations that exist over gRPC only. */
  readonly http: HttpRule | undefined;
  readonly request: Codec<Req>;
  readonly response: Codec<Res>;
}

export interface UnaryOperation<Req, Res> extends Operation<Req, Res> {
  readonly kind: 'unary';
}

export interface StreamOperation<Req, Res> extends Operation<Req, Res> {
  readonly kind: 'stream';
}

/** Where an operation stands in HTTP. Fields of the request that are not in the path go into the query (GET) or the body. */
export interface HttpRule {
  readonly method: 'GET' | 'POST';
  /** `/v1/orders/{orderId}:cancel`. */
  readonly path: string;
  /** Query parameters that hold a comma-separated list. */
  readonly lists?: readonly string[];
  /** Status of success; 200 unless said otherwise. */
  readonly status?: number;
}

/** One message: domain value ↔ bytes and domain value ↔ JSON (the canonical proto3 mapping). */
export interface Codec<T> {
  encode(value: T): Buffer;
  decode(bytes: Uint8Array): T;
  toJson(value: T): unknown;
  /** Throws `invalid_argument` for what is not this message. */
  fromJson(json: unknown): T;
}

/** What generated code offers per message. */
export interface MessageType<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
  toJSON(message: M): unknown;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- so the generated code has it; `unknown` would not take it
  fromJSON(json: any): M;
}

interface MethodDefinition<MReq, MRes> {
  readonly name: string;
  readonly requestType: MessageType<MReq>;
  readonly responseType: MessageType<MRes>;
}

export interface ServiceDefinition {
  readonly fullName: string;
}

/** Domain value ↔ generated message. */
export interface Mapping<T, M> {
  toMessage(value: T): M;
  /** Throws an AppError for a message that makes no sense in the domain. */
  fromMessage(message: M): T;
}

export interface OperationRules<Req, MReq, Res, MRes> {
  safety: Operation<Req, Res>['safety'];
  http?: HttpRule;
  request: Mapping<Req, MReq>;
  response: Mapping<Res, MRes>;
}

/** The mapping of a message that is used in the domain as it is. */
export function asIs<M>(): Mapping<M, M> {
  return { toMessage: (value) => value, fromMessage: (message) => message };
}

export function unary<Req, MReq, Res, MRes>(
  service: ServiceDefinition,
  method: MethodDefinition<MReq, MRes>,
  rules: OperationRules<Req, MReq, Res, MRes>,
): UnaryOperation<Req, Res> {
  return { kind: 'unary', ...describeOperation(service, method, rules) };
}

export function serverStream<Req, MReq, Res, MRes>(
  service: ServiceDefinition,
  method: MethodDefinition<MReq, MRes>,
  rules: OperationRules<Req, MReq, Res, MRes>,
): StreamOperation<Req, Res> {
  return { kind: 'stream', ...describeOperation(service, method, rules) };
}

function describeOperation<Req, MReq, Res, MRes>(
  service: ServiceDefinition,
  method: MethodDefinition<MReq, MRes>,
  rules: OperationRules<Req, MReq, Res, MRes>,
): Operation<Req, Res> {
  return {
    name: method.name,
    service: service.fullName,
    rpcPath: `/${service.fullName}/${method.name}`,
    safety: rules.safety,
    http: rules.http,
    request: createCodec(method.requestType, rules.request),
    response: createCodec(method.responseType, rules.response),
  };
}

function createCodec<T, M>(type: MessageType<M>, mapping: Mapping<T, M>): Codec<T> {
  return {
    encode: (value) => asBuffer(type.encode(mapping.toMessage(value)).finish()),
    decode: (bytes) => mapping.fromMessage(type.decode(bytes)),
    toJson: (value) => type.toJSON(mapping.toMessage(value)),
    fromJson: (json) => mapping.fromMessage(parseMessage(type, json)),
  };
}

/** grpc-js wants a Buffer; the bytes are shared, not copied. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function parseMessage<M>(type: MessageType<M>, json: unknown): M {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new AppError('invalid_argument', 'The body must be a JSON object.');
  }
  try {
    return type.fromJSON(json);
  } catch (cause) {
    throw new AppError('invalid_argument', 'The request has a field of the wrong type.', { cause });
  }
}

/** The operations of a port: one per method, of the same types. */
export type OperationsOf<Port> = {
  readonly [K in keyof Port]: Port[K] extends (request: infer Req, context: Context) => Promise<infer Res>
    ? UnaryOperation<Req, Res>
    : Port[K] extends (request: infer Req, context: Context) => AsyncIterable<infer Res>
      ? StreamOperation<Req, Res>
      : never;
};
