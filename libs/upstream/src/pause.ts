import { AppError, throwIfEnded, type Clock, type Context } from '@bff/core';

/** Waits, but no longer than the context lives. Rejects with the reason why that ended. */
export async function pause(delayMs: number, context: Context, clock: Clock): Promise<void> {
  throwIfEnded(context);
  if (delayMs <= 0) return;
  const { signal } = context;
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      stopTimer();
      reject(AppError.from(signal.reason));
    };
    const stopTimer = clock.after(delayMs, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    signal.addEventListener('abort', end, { once: true });
  });
  throwIfEnded(context);
}
