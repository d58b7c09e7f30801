import { AppError, type Clock } from '@bff/core';
import type { SessionRecord } from './session-record.ts';

/** How a refresh ended. `saved` outlives its answer when the store goes away in between; lease and flight are held for as long. */
export interface Landing {
  readonly record: SessionRecord | undefined;
  readonly saved: Promise<void>;
}

/** With what is stored already; `undefined` when the session has ended. */
export function landed(record: SessionRecord | undefined): Landing {
  return { record, saved: Promise.resolve() };
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** No tokens now; the session lives on. */
export function notNow(cause: unknown): AppError {
  return new AppError('unavailable', 'Your session cannot be renewed for the moment; try again shortly.', {
    cause,
    retryAfterMs: 1_000,
  });
}
