import type { ClientRequest } from 'node:http';
import { errorCodeOfHttpStatus } from '@bff/contracts';
import { AppError, type Clock, type Context } from '@bff/core';
import type { FailureKind, Lease, Outcome } from '@bff/load-balancing';
import { upstreamFailed } from '../errors.ts';

export interface ExchangeOptions {
  lease: Lease;
  context: Context;
  clock: Clock;
  /** Answers the client with an error. */
  fail: (error: AppError) => void;
  /** Told once, when it is over. `code` is `ok` or an error code. */
  onEnd: (code: string, durationMs: number) => void;
}

/** One attempt to have a request answered by an instance. Whatever happens to it, its lease is done exactly once. */
export class Exchange {
  readonly lease: Lease;
  readonly #options: ExchangeOptions;
  readonly #startedAt: number;
  #ended = false;
  #upstream: ClientRequest | undefined;

  constructor(options: ExchangeOptions) {
    this.lease = options.lease;
    this.#options = options;
    this.#startedAt = options.clock.now();
    options.context.signal.addEventListener('abort', () => {
      this.#abandon();
    });
  }

  /** The request to the instance has a connection; it may be too late by now. */
  sendOver(upstream: ClientRequest): void {
    this.#upstream = upstream;
    if (this.#ended) upstream.destroy();
  }

  /**
   * The head of the answer is here. Returns how to say that the body is, too: the time that the client takes to read
   * it is not the instance's.
   */
  answered(status: number, retryAfterMs?: number): () => void {
    const elapsedMs = this.#elapsedMs();
    const code = status < 400 ? 'ok' : errorCodeOfHttpStatus(status);
    return () => {
      this.#end(judgeStatus(status, elapsedMs, retryAfterMs), code);
    };
  }

  /** No answer, or none that is complete. */
  broke(error: Error): void {
    if (this.#ended) return;
    this.#end({ kind: 'failure', failure: judgeError(error), elapsedMs: this.#elapsedMs() }, 'unavailable');
    this.#options.fail(upstreamFailed(error));
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
    this.lease.done(outcome);
    this.#options.onEnd(code, this.#elapsedMs());
  }
}

function judgeStatus(status: number, elapsedMs: number, retryAfterMs: number | undefined): Outcome {
  const failure = failureOf(status);
  if (failure === undefined) return { kind: 'success', latencyMs: elapsedMs };
  return { kind: 'failure', failure, elapsedMs, retryAfterMs };
}

function failureOf(status: number): FailureKind | undefined {
  if (status === 429) return 'overloaded';
  if (status === 504) return 'timeout';
  return status >= 500 ? 'server_error' : undefined;
}

/** Codes of errors that happen before anything was sent. */
const neverConnected = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

function judgeError(error: NodeJS.ErrnoException): FailureKind {
  const { code = '' } = error;
  if (neverConnected.test(code)) return 'refused';
  // HPE_…: what came is no HTTP.
  return code.startsWith('HPE_') ? 'server_error' : 'reset';
}
