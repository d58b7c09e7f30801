import { AppError } from '@bff/core';

/**
 * How errors become gRPC statuses is `@bff/server-kit`'s, since the services speak gRPC too;
 * here is what this API says of its own requests.
 */
export function invalidField(field: string, message: string): AppError {
  return new AppError('invalid_argument', `${field} ${message}.`, { faults: [{ field, message }] });
}

/** A service names fields as its JSON does, `pageToken`; callers here know them as `page_token`. */
export function inOwnFieldNames(thrown: unknown): AppError {
  const error = AppError.from(thrown);
  if (error.faults.length === 0) return error;
  const { code, message, cause, retryAfterMs } = error;
  const faults = error.faults.map((fault) => ({ ...fault, field: snakeCase(fault.field) }));
  return new AppError(code, message, { cause, faults, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
