import { AppError, type Clock, type Context, type Filter } from '@bff/core';
import {
  decideRetry,
  retryDelayMs,
  type FailureKind,
  type RetryBudget,
  type RetryPolicy,
} from '@bff/load-balancing';
import { asFurtherAttempt, isRepeatable } from './further-attempt.ts';
import { pause } from './pause.ts';
import type { UpstreamCall } from './transport.ts';
import type { FurtherAttemptEvent } from './upstream-event.ts';
import { failureBehind } from './upstream-failure.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly policy: RetryPolicy;
  /** One per upstream, shared with hedges. */
  readonly budget: RetryBudget;
  /** Less time than this is not worth an attempt. */
  readonly deadlineMarginMs: number;
  /** Whether there is an instance that the call has not tried. */
  readonly hasUntried: (tried: ReadonlySet<string>) => boolean;
  readonly onEvent: (event: FurtherAttemptEvent) => void;
}

type DenialReason = Extract<FurtherAttemptEvent, { kind: 'retry_denied' }>['because'];

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
    for (let attempts = 1; ; attempts++) {
      try {
        return await next(attempt, context);
      } catch (thrown) {
        const error = AppError.from(thrown);
        const delayMs = delayBeforeRetry(error, call, context, attempts, options);
        if (delayMs === undefined) throw error;
        await pause(delayMs, context, options.clock);
        attempt = asFurtherAttempt(call, 'retry');
      }
    }
  };
}

/** Milliseconds until the next attempt, which the budget has paid for; undefined when there is to be none. */
function delayBeforeRetry<Req, Res>(
  error: AppError,
  call: UpstreamCall<Req, Res>,
  context: Context,
  attempts: number,
  options: RetryOptions,
): number | undefined {
  const failure = failureOf(error, context);
  if (failure === undefined) return undefined;
  const { policy, random, budget, onEvent, deadlineMarginMs } = options;
  const operation = call.operation.name;
  const remainingMs = context.deadline.remainingMs() - deadlineMarginMs;
  const decision = decideRetry(
    {
      failure,
      safety: call.operation.safety === 'keyed' ? 'unsafe' : 'idempotent',
      hasIdempotencyKey: isRepeatable(call.operation, context),
      attempts,
      retriedInFront: context.retried === true,
      settledBelow: failureBehind(error)?.settled ?? false,
      remainingMs,
      retryAfterMs: error.retryAfterMs,
    },
    policy,
  );
  const deny = (because: DenialReason) => {
    onEvent({ kind: 'retry_denied', operation, because });
    return undefined;
  };
  if (!decision.retry) return deny(decision.because);
  const elsewhere = options.hasUntried(call.tried);
  if (!elsewhere && onlyElsewhere.has(failure)) return deny('no_other_instance');
  // Without waiting only at an instance that has not failed yet: the same one is as dead as it was a moment ago.
  const delayMs = decision.backoff === 'none' && elsewhere ? 0 : retryDelayMs(attempts, random, policy);
  if (delayMs >= remainingMs) return deny('deadline');
  if (!budget.tryTake()) return deny('budget');
  onEvent({ kind: 'retry', operation, because: failure });
  return delayMs;
}

/** What an instance is to blame for; undefined for the caller's own errors, and when nobody waits any more. */
function failureOf(error: AppError, { signal, deadline }: Context): FailureKind | undefined {
  if (signal.aborted || deadline.expired) return undefined;
  // The call's own deadline has not passed, so it was the attempt's.
  return failureBehind(error)?.kind ?? (error.code === 'deadline_exceeded' ? 'timeout' : undefined);
}
