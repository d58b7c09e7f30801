import { AppError, isErrorCode, type ErrorCode } from '@bff/core';
import { status, type ServiceError } from '@grpc/grpc-js';
import { toAppError } from '../answered-error.ts';
import { unavailable } from '../upstream-failure.ts';
import { readStatusDetails, type StatusDetails } from './status-details.ts';

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  [status.CANCELLED]: 'cancelled',
  [status.INVALID_ARGUMENT]: 'invalid_argument',
  [status.DEADLINE_EXCEEDED]: 'deadline_exceeded',
  [status.NOT_FOUND]: 'not_found',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.PERMISSION_DENIED]: 'permission_denied',
  [status.RESOURCE_EXHAUSTED]: 'resource_exhausted',
  [status.FAILED_PRECONDITION]: 'failed_precondition',
  [status.ABORTED]: 'conflict',
  [status.OUT_OF_RANGE]: 'invalid_argument',
  [status.UNIMPLEMENTED]: 'unimplemented',
  [status.UNAVAILABLE]: 'unavailable',
  [status.UNAUTHENTICATED]: 'unauthenticated',
};

/**
 * grpc-js makes statuses of its own when the transport fails, under several codes (grpc-node 1769, 2853), and marks
 * them in no other way than by their text. A service's own error carries ErrorInfo and is never judged by its text.
 */
const neverConnected =
  /^(No connection established|Name resolution failed|Stream refused by server|Channel closed)/;
const connectionLost =
  /^(Received RST_STREAM|Received HTTP status code|Connection dropped|Call cancelled|Write |No status information|No message received|Bandwidth exhausted|read |write )/;
const tooLarge = /^Received message (larger|that decompresses)/;

/** What a failed gRPC call means: the service's own error, or what became of the connection. */
export function toGrpcError(thrown: unknown, operation: string): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!isServiceError(thrown)) return unavailable('reset', `${operation} failed.`, thrown);
  const details = readStatusDetails(thrown.metadata.get('grpc-status-details-bin')[0]);
  const reason = details?.reason?.toLowerCase();
  if (details && isErrorCode(reason)) return answered(thrown, reason, details, operation);
  if (neverConnected.test(thrown.details))
    return unavailable('refused', `No connection for ${operation}.`, thrown);
  if (tooLarge.test(thrown.details)) {
    return unavailable('server_error', `The answer to ${operation} is too large.`, thrown);
  }
  if (connectionLost.test(thrown.details)) {
    return unavailable('reset', `The connection was lost during ${operation}.`, thrown);
  }
  return answered(thrown, codesByStatus[thrown.code] ?? 'internal', undefined, operation);
}

function answered(
  error: ServiceError,
  code: ErrorCode,
  details: StatusDetails | undefined,
  operation: string,
): AppError {
  return toAppError(
    {
      code,
      // Without ErrorInfo the text may be the transport's own.
      message: details === undefined || error.details === '' ? undefined : error.details,
      faults: details?.faults ?? [],
      retryAfterMs: details?.retryAfterMs,
      status: `gRPC ${status[error.code]}`,
    },
    operation,
    error,
  );
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'metadata' in thrown && 'details' in thrown;
}
