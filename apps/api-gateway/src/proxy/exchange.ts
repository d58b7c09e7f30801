import type { ClientRequest } from 'node:http';
import { errorCodeOfHttpStatus } from '@bff/contracts';
import { AppError, deadlineExceeded, type Clock, type Context } from '@bff/core';
import type { FailureKind, Lease, Outcome } from '@bff/load-balancing';
import { upstreamFailed } from '../errors.ts';

/** What became of an attempt that failed. */
export interface FailedExchange {
  readonly failure: FailureKind;
  /** For the client, if nothing better can be done. */
  readonly error: AppError;
  /** Part of the request may have been sent. */
  readonly sent: boolean;
}

export interface ExchangeOptions {
  readonly lease: Lease;
  readonly context: Context;
  readonly clock: Clock;
  /** How long the answer's head may take, if that is less than the request has left. */
  readonly timeoutMs: number;
  /** How long the answer lasts says nothing about the instance. Default false. */
  readonly isStream?: boolean;
  /** No usable answer came; told once, and not when the request itself has ended. */
  readonly onFailed: (failed: FailedExchange) => void;
  /** Told once, when it is over. `code` is `ok` or an error code. */
  readonly onEnd: (code: string, durationMs: number) => void;
}

/** One attempt to have a request answered by an instance. Whatever happens to it, its lease is done exactly once. */
export class Exchange {
  readonly lease: Lease;
  readonly #options: ExchangeOptions;
  readonly #startedAt: number;
  readonly #onAbort = () => this.#abandon();
  readonly #stopTimer: () => void;
  #ended = false;
  #upstream: ClientRequest | undefined;

  constructor(options: ExchangeOptions) {
    const { lease, clock, timeoutMs, context } = options;
    this.lease = lease;
    this.#options = options;
    this.#startedAt = clock.now();
    const limited = timeoutMs < context.deadline.remainingMs();
    this.#stopTimer = limited ? clock.after(timeoutMs, () => this.#timedOut()) : () => undefined;
    context.signal.addEventListener('abort', this.#onAbort);
  }

  /** The request to the instance has a connection; it may be too late by now. */
  sendOver(upstream: ClientRequest): void {
    this.#upstream = upstream;
    upstream.once('error', (error) => {
      this.broke(error);
    });
    if (this.#ended) upstream.destroy();
  }

  /**
   * The head of the answer is here. Returns how to say that the body is, too: the time that the client takes to read
   * it is not the instance's.
   */
  answered(status: number, retryAfterMs: number | undefined): () => void {
    this.#stopTimer();
    const elapsedMs = this.#elapsedMs();
    const code = status < 400 ? 'ok' : errorCodeOfHttpStatus(status);
    const latencyMs = this.#options.isStream === true ? undefined : elapsedMs;
    return () => {
      this.#end(judgeStatus(status, { elapsedMs, latencyMs, retryAfterMs }), code);
    };
  }

  /** Nobody wants the rest of the answer, for no fault of the instance. */
  giveUp(): void {
    this.#end({ kind: 'cancelled', elapsedMs: this.#elapsedMs() }, 'cancelled');
    this.#upstream?.destroy();
  }

  /** An error that came before the request had a connection. */
  notSent(error: Error): void {
    if (this.#upstream === undefined) this.broke(error);
  }

  /** No answer, or none that is complete. */
  broke(error: Error): void {
    if (this.#ended) return;
    const failure = judgeError(error, this.#upstream !== undefined);
    this.#end({ kind: 'failure', failure, elapsedMs: this.#elapsedMs() }, 'unavailable');
    this.#failed(failure, upstreamFailed(error));
  }

  #timedOut(): void {
    if (this.#ended) return;
    this.#end({ kind: 'failure', failure: 'timeout', elapsedMs: this.#elapsedMs() }, 'deadline_exceeded');
    this.#upstream?.destroy();
    this.#failed('timeout', deadlineExceeded());
  }

  #failed(failure: FailureKind, error: AppError): void {
    this.#options.onFailed({ failure, error, sent: this.#upstream !== undefined });
  }

  /**
   * The client left or the deadline has passed. createHttpApp answers the latter; an answer that had begun breaks off
   * with the connection to the instance.
   */
  #abandon(): void {
    const { code } = AppError.from(this.#options.context.signal.reason);
    const elapsedMs = this.#elapsedMs();
    const late = code === 'deadline_exceeded';
    this.#end(
      late ? { kind: 'failure', failure: 'timeout', elapsedMs } : { kind: 'cancelled', elapsedMs },
      code,
    );
    this.#upstream?.destroy();
  }

  #elapsedMs(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #end(outcome: Outcome, code: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopTimer();
    this.#options.context.signal.removeEventListener('abort', this.#onAbort);
    this.lease.done(outcome);
    this.#options.onEnd(code, this.#elapsedMs());
  }
}

interface Measured {
  elapsedMs: number;
  latencyMs: number | undefined;
  retryAfterMs: number | undefined;
}

function judgeStatus(status: number, { elapsedMs, latencyMs, retryAfterMs }: Measured): Outcome {
  const failure = failureOf(status, retryAfterMs);
  if (failure === undefined) return { kind: 'success', latencyMs };
  return { kind: 'failure', failure, elapsedMs, retryAfterMs };
}

/** What an instance is to blame for when it answers so. */
export function failureOf(status: number, retryAfterMs: number | undefined): FailureKind | undefined {
  if (status === 429) return 'overloaded';
  // It is well and sheds load: it says when to come again.
  if (status === 503 && retryAfterMs !== undefined) return 'overloaded';
  if (status === 504) return 'timeout';
  return status >= 500 ? 'server_error' : undefined;
}

function judgeError(error: NodeJS.ErrnoException, connected: boolean): FailureKind {
  if (!connected) return 'refused';
  // HPE_…: what came is no HTTP.
  return error.code?.startsWith('HPE_') ? 'server_error' : 'reset';
}
