import { AppError, type Clock, type Context, type ErrorCode } from '@bff/core';
import { runWithin } from '../plan/run-within.ts';
import type { CheckoutTimes } from './checkout-times.ts';

/** A service has understood the request and says no; anything else may be a failure whose effect is unknown. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_argument',
  'permission_denied',
  'not_found',
  'failed_precondition',
  'idempotency_key_reused',
  'unimplemented',
]);

export function isRefusal(error: AppError): boolean {
  return refusals.has(error.code);
}

export interface TryStepOptions {
  clock: Clock;
  times: Pick<CheckoutTimes, 'stepTimeoutMs' | 'stepAttempts' | 'retryPauseMs'>;
  /** The scope of the whole work. */
  parent: Context;
  idempotencyKey: string | undefined;
  onFailure: (error: AppError) => void;
}

/**
 * Does one step, again under the same key when it is not known what became of it. Throws a refusal at once, and the
 * last failure when all attempts have failed.
 */
export async function tryStep<T>(
  work: (context: Context) => Promise<T>,
  options: TryStepOptions,
): Promise<T> {
  const { clock, times, parent, idempotencyKey } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await runWithin(times.stepTimeoutMs, clock, { ...parent, idempotencyKey }, work);
    } catch (thrown) {
      const error = AppError.from(thrown);
      options.onFailure(error);
      if (isRefusal(error) || attempt >= times.stepAttempts || parent.signal.aborted) throw error;
    }
    await pause(times.retryPauseMs * 2 ** (attempt - 1), parent.signal, clock);
  }
}

/** Shorter when the signal aborts. */
function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      stopTimer();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const stopTimer = clock.after(ms, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
