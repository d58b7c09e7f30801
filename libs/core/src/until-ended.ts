import { AppError } from './errors.ts';

/**
 * Waits for work that may know no signal, but no longer than the signal allows: work that hangs cannot hold an answer.
 * Rejects with the signal's reason; leaves no listener behind.
 */
export async function untilEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => {
    reject(AppError.from(signal.reason));
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  try {
    // The signal first: work that a signal has ended already does not count, even if it is done.
    return await Promise.race([ended, work]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
