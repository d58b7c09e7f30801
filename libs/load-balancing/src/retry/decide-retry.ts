import type { FailureKind } from '../outcome.ts';
import { defaultPolicy, type RetryPolicy } from '../policy.ts';

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  readonly failure: FailureKind;
  /** `idempotent`: doing it twice is doing it once, by the operation's own nature (GET, PUT, DELETE, reads). */
  readonly safety: 'idempotent' | 'unsafe';
  readonly hasIdempotencyKey: boolean;
  /**
   * Whether the instance may have begun to work on it. Undefined: judged by the failure, and only `refused` is
   * surely untouched. A transport that knows better (REFUSED_STREAM, GOAWAY above the last stream) says `no`.
   */
  readonly processed?: 'no' | 'perhaps';
  /** Attempts made, this one included. */
  readonly attempts: number;
  /** How many of these found nobody who took them. Default 0. */
  readonly refused?: number;
  /** The tier in front marked this request as a retry of its own. */
  readonly retriedInFront: boolean;
  /** The answer says that the tier below has tried what could be tried. */
  readonly settledBelow: boolean;
  /** Until the deadline. */
  readonly remainingMs: number;
  readonly retryAfterMs?: number | undefined;
  /** The body has been streamed and is gone. */
  readonly bodyConsumed?: boolean;
}

/**
 * An attempt that was refused has cost nobody anything, and uses up no retry. So many in a row are borne: with the
 * pauses between them they last as long as a process takes to start listening again.
 */
const maxRefused = 12;

export type RetryDecision =
  /** Whether to wait before: `none` when the instance is simply dead, since another one is asked. */
  | { readonly retry: true; readonly backoff: 'none' | 'jittered' }
  | {
      readonly retry: false;
      readonly because:
        | 'unsafe'
        | 'body_consumed'
        | 'attempts_used'
        | 'retried_in_front'
        | 'settled_below'
        | 'deadline'
        | 'retry_after';
    };

/**
 * Whether a failed attempt may be made again, elsewhere. Only what is safe: idempotent operations, calls with an
 * idempotency key, and what was surely not processed. The budget is asked after this (`RetryBudget.tryTake`), so
 * that it pays for nothing else.
 */
export function decideRetry(
  attempt: FailedAttempt,
  policy: Pick<RetryPolicy, 'maxRetries'> = defaultPolicy.retry,
): RetryDecision {
  const because = whyNot(attempt, policy);
  if (because) return { retry: false, because };
  return {
    retry: true,
    backoff: attempt.failure === 'refused' || attempt.failure === 'reset' ? 'none' : 'jittered',
  };
}

function whyNot(attempt: FailedAttempt, policy: Pick<RetryPolicy, 'maxRetries'>) {
  const processed = attempt.processed ?? (attempt.failure === 'refused' ? 'no' : 'perhaps');
  const repeatable = attempt.safety === 'idempotent' || attempt.hasIdempotencyKey || processed === 'no';
  if (!repeatable) return 'unsafe';
  if (attempt.bodyConsumed) return 'body_consumed';
  if (attemptsUsed(attempt, policy)) return 'attempts_used';
  // Each tier that retries multiplies the load of the one below: in a total outage 1.2 per tier instead of 1.2 in all.
  if (attempt.retriedInFront) return 'retried_in_front';
  if (attempt.settledBelow) return 'settled_below';
  if (attempt.remainingMs <= 0) return 'deadline';
  // The wish is that instance's alone only when it is short; a long one is a limit that others know as well.
  if ((attempt.retryAfterMs ?? 0) > attempt.remainingMs) return 'retry_after';
  return undefined;
}

function attemptsUsed(
  { attempts, refused = 0 }: FailedAttempt,
  { maxRetries }: Pick<RetryPolicy, 'maxRetries'>,
): boolean {
  // 0 turns retries off.
  return maxRetries === 0 || attempts - refused > maxRetries || refused > maxRefused;
}
