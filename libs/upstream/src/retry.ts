import { AppError, type Clock, type Context, type Filter } from '@bff/core';
import type { FailureKind } from '@bff/load-balancing';
import { asFurtherAttempt, isRepeatable } from './further-attempt.ts';
import { pause } from './pause.ts';
import { planRetry, type FurtherAttempts } from './plan-retry.ts';
import type { UpstreamCall } from './transport.ts';
import { failureBehind } from './upstream-failure.ts';

export interface RetryOptions extends FurtherAttempts {
  readonly clock: Clock;
  /** Less time than this is not worth an attempt. */
  readonly deadlineMarginMs: number;
}

/**
 * Not worth asking the same instance again: it would say the same, and suffer more. A lost connection is another
 * matter, since idle ones are closed while they are about to be used.
 */
const onlyElsewhere: ReadonlySet<FailureKind> = new Set(['timeout', 'server_error', 'overloaded']);

/**
 * Tries again elsewhere what is safe to repeat or was surely not processed, within the deadline and the upstream's
 * budget. Everything else fails as it failed.
 */
export function retry<Req, Res>(options: RetryOptions): Filter<UpstreamCall<Req, Res>, Res> {
  return (next) => async (call, context) => {
    if (context.retried !== true) options.budget.recordCall();
    let attempt = call;
    const made: AttemptsMade = { attempts: 0, refused: 0 };
    for (;;) {
      try {
        return await next(attempt, context);
      } catch (thrown) {
        const error = AppError.from(thrown);
        const delayMs = delayBeforeRetry(error, call, context, made, options);
        if (delayMs === undefined) throw error;
        await pause(delayMs, context, options.clock);
        attempt = asFurtherAttempt(call, 'retry');
      }
    }
  };
}

/** The failed attempts of one call so far. */
export interface AttemptsMade {
  attempts: number;
  /** Those that nobody took. */
  refused: number;
}

/** Counts the attempt that has failed. Milliseconds until the next one; undefined when there is to be none. */
export function delayBeforeRetry<Req, Res>(
  error: AppError,
  { operation, tried }: UpstreamCall<Req, Res>,
  context: Context,
  made: AttemptsMade,
  options: RetryOptions,
): number | undefined {
  const failure = failureOf(error, context);
  if (failure === undefined) return undefined;
  made.attempts++;
  if (failure === 'refused') made.refused++;
  return planRetry(
    {
      failure,
      operation: operation.name,
      safety: operation.safety === 'keyed' ? 'unsafe' : 'idempotent',
      hasIdempotencyKey: isRepeatable(operation, context),
      ...made,
      tried,
      mayStay: !onlyElsewhere.has(failure),
      retriedInFront: context.retried === true,
      settledBelow: failureBehind(error)?.settled ?? false,
      remainingMs: context.deadline.remainingMs() - options.deadlineMarginMs,
      retryAfterMs: error.retryAfterMs,
    },
    options,
  );
}

/** What an instance is to blame for; undefined for the caller's own errors, and when nobody waits any more. */
function failureOf(error: AppError, { signal, deadline }: Context): FailureKind | undefined {
  if (signal.aborted || deadline.expired) return undefined;
  // The call's own deadline has not passed, so it was the attempt's.
  return failureBehind(error)?.kind ?? (error.code === 'deadline_exceeded' ? 'timeout' : undefined);
}
