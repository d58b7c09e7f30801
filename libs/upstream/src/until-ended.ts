import { AppError } from '@bff/core';

/** Waits for work that knows no signal, but no longer than the signal allows. Rejects with its reason. */
export async function untilEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw AppError.from(signal.reason);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => {
    reject(AppError.from(signal.reason));
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
