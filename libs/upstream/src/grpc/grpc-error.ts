import { AppError } from '@bff/core';
import { decodeStatusDetails, errorCodeOfGrpcStatus } from '@bff/contracts';
import { status, type ServiceError } from '@grpc/grpc-js';
import { toAppError } from '../answered-error.ts';
import { unavailable } from '../upstream-failure.ts';

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
  return ownError(thrown, operation) ?? transportError(thrown, operation) ?? statusError(thrown, operation);
}

/** The service's own error, told by ErrorInfo in the status details; its text is written for clients. */
function ownError(error: ServiceError, operation: string): AppError | undefined {
  const { code, faults = [], retryAfterMs } = readDetails(error);
  if (code === undefined) return undefined;
  const message = error.details === '' ? undefined : error.details;
  return toAppError({ code, message, faults, retryAfterMs, status: statusName(error) }, operation, error);
}

function transportError(error: ServiceError, operation: string): AppError | undefined {
  const { details } = error;
  if (neverConnected.test(details)) return unavailable('refused', `No connection for ${operation}.`, error);
  if (tooLarge.test(details)) {
    return unavailable('server_error', `The answer to ${operation} is too large.`, error);
  }
  if (connectionLost.test(details)) {
    return unavailable('reset', `The connection was lost during ${operation}.`, error);
  }
  return undefined;
}

/** A bare status: its text may be the transport's own, so it is not shown. */
function statusError(error: ServiceError, operation: string): AppError {
  const code = errorCodeOfGrpcStatus(error.code);
  return toAppError({ code, message: undefined, status: statusName(error) }, operation, error);
}

function readDetails(error: ServiceError): Partial<ReturnType<typeof decodeStatusDetails>> {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!(bytes instanceof Uint8Array)) return {};
  try {
    return decodeStatusDetails(bytes);
  } catch {
    return {};
  }
}

function statusName(error: ServiceError): string {
  return `gRPC ${status[error.code]}`;
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'metadata' in thrown && 'details' in thrown;
}
