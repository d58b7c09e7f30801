import { AppError, type ErrorCode } from '@bff/core';
import type { SourceOutcome } from './source-outcome.ts';

/** Codes that mean the same to the client as they do to the source; the others are the inside's own affair. */
const passedOn: ReadonlySet<ErrorCode> = new Set([
  'invalid_argument',
  'not_found',
  'conflict',
  'failed_precondition',
  'idempotency_key_reused',
  'deadline_exceeded',
  'upstream_failed',
]);

/**
 * A source's failure in the client's terms. That a service is down, or refuses this process (`unauthenticated`,
 * `permission_denied`) or sheds load (`resource_exhausted`: the user did nothing too often), is no business of the client's: it becomes `upstream_failed`, with the failure as cause.
 */
export function toSourceError(source: string, thrown: unknown): AppError {
  const error = AppError.from(thrown);
  if (passedOn.has(error.code)) return error;
  return new AppError('upstream_failed', `The ${source} source is unavailable.`, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

export function failedOutcome(error: AppError): Pick<SourceOutcome, 'status' | 'code'> {
  return { status: error.code === 'deadline_exceeded' ? 'timeout' : 'unavailable', code: error.code };
}
