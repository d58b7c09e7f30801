import { openChild, throwIfEnded, untilEnded, type Clock, type Context } from '@bff/core';

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
  try {
    throwIfEnded(scope.context);
    return await untilEnded(work(scope.context), scope.context.signal);
  } finally {
    scope.close();
  }
}
