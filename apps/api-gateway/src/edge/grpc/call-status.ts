import { constants, type IncomingHttpHeaders } from 'node:http2';
import { decodeStatusDetails, errorCodeOfGrpcStatus } from '@bff/contracts';
import type { ErrorCode } from '@bff/core';
import type { FailureKind } from '@bff/load-balancing';

/** How an instance ended a call. */
export interface CallStatus {
  /** `ok`, or the exact code where the instance gave one. */
  readonly code: 'ok' | ErrorCode;
  /** What the instance is to blame for; undefined when it did its work. */
  readonly failure: FailureKind | undefined;
  readonly retryAfterMs: number | undefined;
  /** The tier behind has tried what could be tried. */
  readonly settled: boolean;
}

/** Reads the status from trailers, or from the head of an answer that consists of it alone. */
export function readCallStatus(headers: IncomingHttpHeaders): CallStatus {
  const number = Number(headers['grpc-status'] ?? NaN);
  if (number === 0) return { code: 'ok', failure: undefined, retryAfterMs: undefined, settled: false };
  // No status at all: whoever answered is no gRPC server, a proxy that has lost its own instances for example.
  if (!Number.isInteger(number)) {
    return { code: 'unavailable', failure: 'server_error', retryAfterMs: undefined, settled: false };
  }
  const { code = errorCodeOfGrpcStatus(number), retryAfterMs } = readDetails(headers);
  return { code, failure: blameFor(code, retryAfterMs), retryAfterMs, settled: code === 'upstream_failed' };
}

function readDetails(headers: IncomingHttpHeaders): {
  code?: ErrorCode | undefined;
  retryAfterMs: number | undefined;
} {
  const encoded = headers['grpc-status-details-bin'];
  if (typeof encoded !== 'string') return { retryAfterMs: undefined };
  try {
    return decodeStatusDetails(Buffer.from(encoded, 'base64'));
  } catch {
    // Details of another kind say nothing here.
    return { retryAfterMs: undefined };
  }
}

function blameFor(code: ErrorCode, retryAfterMs: number | undefined): FailureKind | undefined {
  switch (code) {
    case 'unavailable':
      // It is well and sheds load: it says when to come again.
      return retryAfterMs === undefined ? 'server_error' : 'overloaded';
    case 'internal':
    case 'upstream_failed':
    // Its client has not cancelled.
    case 'cancelled':
      return 'server_error';
    case 'deadline_exceeded':
      return 'timeout';
    case 'resource_exhausted':
      return 'overloaded';
    default:
      return undefined;
  }
}

/** What an instance is to blame for when it resets a stream while its connection is well. */
export function failureOfReset(code: number): FailureKind {
  return code === constants.NGHTTP2_ENHANCE_YOUR_CALM ? 'overloaded' : 'server_error';
}
