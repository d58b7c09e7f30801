import { AppError } from '@bff/core';

/** After how long it makes sense to come back, in milliseconds: a connection that was lost is tried again at least this often. */
const retryAfterMs = 1_000;

/** What every method of a store fails with while the store is away. The cause is for the log alone. */
export function storeUnavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'This is not possible for the moment; try again shortly.', {
    cause,
    retryAfterMs,
  });
}

/** A counter's key holds something else: the caller mixed up its keys. */
export function notACounter(key: string): AppError {
  return new AppError('internal', 'The request could not be completed.', {
    cause: new Error(`"${key}" holds no number and cannot be counted`),
  });
}
