import type { ErrorCode } from '@bff/core';

interface ProtocolCodes {
  http: number;
  /** Number of the gRPC status (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
  grpc: number;
}

/** How each error code is said over HTTP and gRPC; servers write it and clients read it back. */
const protocolCodes: Readonly<Record<ErrorCode, ProtocolCodes>> = {
  invalid_argument: { http: 400, grpc: 3 },
  unauthenticated: { http: 401, grpc: 16 },
  permission_denied: { http: 403, grpc: 7 },
  not_found: { http: 404, grpc: 5 },
  conflict: { http: 409, grpc: 10 },
  failed_precondition: { http: 409, grpc: 9 },
  idempotency_key_reused: { http: 422, grpc: 9 },
  resource_exhausted: { http: 429, grpc: 8 },
  // 499 is nginx's «client closed request»: nobody reads it, logs show it.
  cancelled: { http: 499, grpc: 1 },
  deadline_exceeded: { http: 504, grpc: 4 },
  upstream_failed: { http: 502, grpc: 14 },
  unavailable: { http: 503, grpc: 14 },
  unimplemented: { http: 501, grpc: 12 },
  internal: { http: 500, grpc: 13 },
};

export function httpStatusOf(code: ErrorCode): number {
  return protocolCodes[code].http;
}

export function grpcStatusOf(code: ErrorCode): number {
  return protocolCodes[code].grpc;
}

const fromHttp: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_argument',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  405: 'unimplemented',
  409: 'conflict',
  422: 'invalid_argument',
  429: 'resource_exhausted',
  499: 'cancelled',
  501: 'unimplemented',
  502: 'unavailable',
  503: 'unavailable',
  504: 'deadline_exceeded',
};

/** The code of an HTTP answer that does not name one itself. */
export function errorCodeOfHttpStatus(status: number): ErrorCode {
  return fromHttp[status] ?? (status >= 500 ? 'internal' : 'invalid_argument');
}

const fromGrpc: Readonly<Record<number, ErrorCode>> = {
  1: 'cancelled',
  3: 'invalid_argument',
  4: 'deadline_exceeded',
  5: 'not_found',
  6: 'conflict',
  7: 'permission_denied',
  8: 'resource_exhausted',
  9: 'failed_precondition',
  10: 'conflict',
  11: 'invalid_argument',
  12: 'unimplemented',
  14: 'unavailable',
  16: 'unauthenticated',
};

/** The code of a gRPC status that carries no `ErrorInfo`. */
export function errorCodeOfGrpcStatus(status: number): ErrorCode {
  return fromGrpc[status] ?? 'internal';
}
