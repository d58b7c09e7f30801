import { AppError, type ErrorCode, type FieldFault } from '@bff/core';
import { blameFor, neutralMessage, unavailable, UpstreamFailure } from './upstream-failure.ts';

/** An error as a service answered it, whatever carried it. */
export interface AnsweredError {
  readonly code: ErrorCode;
  /** Written by the service for clients to read; undefined when only a status came. */
  readonly message: string | undefined;
  readonly faults?: readonly FieldFault[];
  readonly retryAfterMs?: number | undefined;
  /** For logs: `HTTP 503`, `gRPC UNAVAILABLE`. */
  readonly status: string;
}

/** The service's own error, kept in its code and message; blamed on the instance where it is to blame. */
export function toAppError(answered: AnsweredError, operation: string, cause?: unknown): AppError {
  const { code, message, faults, retryAfterMs, status } = answered;
  const what = `${operation} was answered with ${status}.`;
  // Nobody cancelled here, or the answer would not have been awaited.
  if (code === 'cancelled') return unavailable('server_error', what, cause);
  const blame = blameFor(code, retryAfterMs);
  return new AppError(code, message ?? neutralMessage(code), {
    // Whoever answers `upstream_failed` is well itself and has asked the tier below as often as that made sense.
    cause: blame === undefined ? cause : new UpstreamFailure(blame, what, cause, code === 'upstream_failed'),
    ...(faults === undefined ? {} : { faults }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
