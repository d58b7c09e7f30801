import { AppError } from '@bff/core';

/** When it makes sense to ask again for the outcome of work in flight. */
export const askAgainMs = 1_000;

/** What has begun will be finished, by whichever instance; the client learns the outcome by asking again. */
export function undecided(code: 'unavailable' | 'deadline_exceeded', cause?: unknown): AppError {
  return new AppError(
    code,
    'This is not finished yet, and goes on. Repeat the same request, with the same idempotency key, to learn the outcome.',
    { cause, retryAfterMs: askAgainMs },
  );
}
