import { AppError, openChild, throwIfEnded, type Clock, type Context } from '@bff/core';

/**
 * Runs work under a scope of its own that ends after `timeoutMs`, or with its parent. Rejects with the reason as soon as
 * the scope ends, even when the work takes no notice of its signal. Leaves no timer and no listener behind.
 */
export async function runWithin<T>(
  timeoutMs: number,
  clock: Clock,
  parent: Context,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const scope = openChild(parent, { clock, timeoutMs });
  const { signal } = scope.context;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => {
    reject(AppError.from(signal.reason));
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    throwIfEnded(scope.context);
    return await Promise.race([work(scope.context), ended]);
  } finally {
    signal.removeEventListener('abort', end);
    scope.close();
  }
}
