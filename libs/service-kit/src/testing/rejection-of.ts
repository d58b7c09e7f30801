import { AppError } from '@bff/core';

/** The AppError that a promise is rejected with; fails when it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('The promise was fulfilled.');
}
