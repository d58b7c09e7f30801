import { AppError, type Clock, type Context, type ErrorCode, type Filter } from '@bff/core';
import type { Endpoint, Outcome } from '@bff/load-balancing';
import type { Attempt } from './transport.ts';
import { failureBehind } from './upstream-failure.ts';

/** What happened in one attempt, for metrics and logs. */
export interface AttemptEvent {
  readonly upstream: string;
  /** `GetOrder`. */
  readonly operation: string;
  readonly endpoint: Endpoint;
  readonly outcome: Outcome;
  readonly code: 'ok' | ErrorCode;
  /** The first attempt of its call, one after a failure, or one beside the first. */
  readonly role: Attempt<unknown, unknown>['role'];
  readonly durationMs: number;
  /** With the cause, for logs. */
  readonly error: AppError | undefined;
  readonly context: Context;
}

/** Must not throw: the call would fail with it. */
export type OnAttempt = (event: AttemptEvent) => void;

export interface AccountOptions {
  readonly upstream: string;
  readonly clock: Clock;
  readonly onAttempt: OnAttempt | undefined;
}

/** Tells the balancer, and whoever watches, how each attempt ended: the lease is done exactly here. */
export function accountOutcome<Req, Res>(options: AccountOptions): Filter<Attempt<Req, Res>, Res> {
  return (next) => async (attempt, context) => {
    const account = openAccount(attempt, context, options);
    try {
      const response = await next(attempt, context);
      account.succeeded((elapsedMs) => elapsedMs);
      return response;
    } catch (thrown) {
      throw account.failed(thrown);
    }
  };
}

/** Starts the clock of one attempt; one of the functions ends its lease. */
export function openAccount<Req, Res>(attempt: Attempt<Req, Res>, context: Context, options: AccountOptions) {
  const { upstream, clock, onAttempt } = options;
  const startedAt = clock.now();
  const end = (judge: (elapsedMs: number) => Outcome, error: AppError | undefined) => {
    const durationMs = clock.now() - startedAt;
    const outcome = judge(durationMs);
    attempt.lease.done(outcome);
    const { lease, operation, role } = attempt;
    const code = error?.code ?? 'ok';
    onAttempt?.({
      upstream,
      operation: operation.name,
      endpoint: lease.endpoint,
      outcome,
      code,
      role,
      durationMs,
      error,
      context,
    });
  };
  return {
    succeeded: (latency: (elapsedMs: number) => number | undefined) =>
      end((elapsedMs) => ({ kind: 'success', latencyMs: latency(elapsedMs) }), undefined),
    failed(thrown: unknown): AppError {
      const error = AppError.from(thrown);
      end((elapsedMs) => judgeError(error, elapsedMs), error);
      return error;
    },
    /** The caller of a stream left, which is how streams end. */
    abandoned: () => end((elapsedMs) => ({ kind: 'cancelled', elapsedMs }), undefined),
  };
}

function judgeError(error: AppError, elapsedMs: number): Outcome {
  const blame = failureBehind(error);
  if (blame) {
    return { kind: 'failure', failure: blame.kind, elapsedMs, retryAfterMs: error.retryAfterMs };
  }
  if (error.code === 'deadline_exceeded') return { kind: 'failure', failure: 'timeout', elapsedMs };
  if (error.code === 'cancelled') return { kind: 'cancelled', elapsedMs };
  // The caller's own error: the instance did its work.
  return { kind: 'success', latencyMs: elapsedMs };
}
