import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Clock } from '@bff/core';
import type { FailureKind, Lease, Outcome } from '@bff/load-balancing';
import type { CallBody } from './call-body.ts';
import { failureOfReset } from './call-status.ts';
import { wasUntouched, type PooledSession, type SessionPool } from './session-pool.ts';

/** What became of an attempt that was not answered. */
export interface LostCall {
  readonly failure: FailureKind;
  readonly processed: 'no' | 'perhaps';
}

export interface CallAttemptOptions {
  readonly lease: Lease;
  readonly pool: SessionPool;
  readonly body: CallBody;
  readonly headers: OutgoingHttpHeaders;
  readonly clock: Clock;
  /** How long the head of the answer may take. */
  readonly timeoutMs: number;
  /** How long the answer took is its instance's latency; not so for streams. */
  readonly isMeasured: boolean;
  /** The head is here; `isWhole` when the answer consists of it alone. */
  readonly onAnswer: (stream: ClientHttp2Stream, headers: IncomingHttpHeaders, isWhole: boolean) => void;
  /** No answer came; told once, and not after `giveUp`. */
  readonly onLost: (lost: LostCall) => void;
  /** Told once, when it is over. */
  readonly onEnd: (code: string, durationMs: number) => void;
}

/** One attempt to have a call answered by an instance. Whatever happens to it, its lease is done exactly once. */
export class CallAttempt {
  readonly lease: Lease;
  readonly #options: CallAttemptOptions;
  readonly #startedAt: number;
  #stopTimer: () => void = () => undefined;
  #stream: ClientHttp2Stream | undefined;
  #session: PooledSession | undefined;
  #open = true;

  constructor(options: CallAttemptOptions) {
    this.#options = options;
    this.lease = options.lease;
    this.#startedAt = options.clock.now();
  }

  async start(): Promise<void> {
    const { pool, lease, clock, timeoutMs } = this.#options;
    if (timeoutMs !== Infinity) {
      this.#stopTimer = clock.after(timeoutMs, () =>
        this.#lost({ failure: 'timeout', processed: 'perhaps' }),
      );
    }
    try {
      const session = await pool.sessionTo(lease.endpoint.url);
      if (this.#open) this.#send(session);
    } catch {
      this.#lost({ failure: 'refused', processed: 'no' });
    }
  }

  /** The connection is still there: a reset is the instance's own word and no accident. */
  get isConnected(): boolean {
    return this.#session?.session.destroyed === false;
  }

  /** The answer is over, for better or worse. */
  finish(failure: FailureKind | undefined, code: string, retryAfterMs?: number): void {
    const elapsedMs = this.#elapsedMs();
    const latencyMs = this.#options.isMeasured ? elapsedMs : undefined;
    this.#end(
      failure === undefined
        ? { kind: 'success', latencyMs }
        : { kind: 'failure', failure, elapsedMs, retryAfterMs },
      code,
    );
  }

  /** Nobody waits any more, or the deadline has passed. */
  giveUp(code: 'cancelled' | 'deadline_exceeded'): void {
    const elapsedMs = this.#elapsedMs();
    const late = code === 'deadline_exceeded' && this.#options.isMeasured;
    this.#end(
      late ? { kind: 'failure', failure: 'timeout', elapsedMs } : { kind: 'cancelled', elapsedMs },
      code,
    );
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #send(session: PooledSession): void {
    const { headers, body, onAnswer } = this.#options;
    this.#session = session;
    const stream = (this.#stream = session.request(headers));
    let answered = false;
    // The end is told by `close`, which always comes; without a listener an error would end the process.
    stream.on('error', () => undefined);
    stream.once('response', (answer, flags) => {
      answered = true;
      this.#stopTimer();
      if (this.#open) onAnswer(stream, answer, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0);
    });
    stream.once('close', () => {
      if (!answered) this.#lost(this.#whatBecameOf(stream, session));
    });
    body.sendTo(stream);
  }

  #whatBecameOf(stream: ClientHttp2Stream, session: PooledSession): LostCall {
    if (wasUntouched(stream, session)) return { failure: 'refused', processed: 'no' };
    const failure = this.isConnected && stream.rstCode !== 0 ? failureOfReset(stream.rstCode) : 'reset';
    return { failure, processed: 'perhaps' };
  }

  #lost(lost: LostCall): void {
    if (!this.#open) return;
    const code = lost.failure === 'timeout' ? 'deadline_exceeded' : 'unavailable';
    this.#end({ kind: 'failure', failure: lost.failure, elapsedMs: this.#elapsedMs() }, code);
    this.#stream?.close(constants.NGHTTP2_CANCEL);
    this.#options.body.detach();
    this.#options.onLost(lost);
  }

  #elapsedMs(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #end(outcome: Outcome, code: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#stopTimer();
    this.lease.done(outcome);
    this.#options.onEnd(code, this.#elapsedMs());
  }
}
