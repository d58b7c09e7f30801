import { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { AppError, deadlineExceeded, type Context } from '@bff/core';
import { planRetry } from '@bff/upstream';
import { deadlineMarginMs } from '../../proxy/upstream-headers.ts';
import { perhapsDone, upstreamFailed } from '../../errors.ts';
import { CallAttempt, type LostCall } from './call-attempt.ts';
import { CallBody } from './call-body.ts';
import { answerHeaders, callHeaders, statusTrailers } from './call-headers.ts';
import { readCallStatus, type CallStatus } from './call-status.ts';
import { endRequest, passAnswer, type PassedAnswer } from './pass-answer.ts';
import type { ForwardedCallOptions } from './call-parts.ts';

/** One call of a client on its way to an instance, and to another one if the first is lost and that is safe. */
export class ForwardedCall {
  readonly #options: ForwardedCallOptions;
  readonly #context: Context;
  readonly #body: CallBody;
  readonly #tried = new Set<string>();
  readonly #isRead: boolean;
  readonly #headDeadline;
  #attempts = 0;
  /** Those that nobody took. */
  #refused = 0;
  #attempt: CallAttempt | undefined;
  #answer: PassedAnswer | undefined;
  #done = false;

  constructor(options: ForwardedCallOptions) {
    const { client, headers, scope, reads, headTimeoutMs, maxReplayedBytes, upstream } = options;
    this.#options = options;
    this.#context = scope.context;
    this.#isRead = reads.has(String(headers[':path']));
    this.#headDeadline = this.#context.deadline.within(this.#isRead ? headTimeoutMs : Infinity);
    this.#body = new CallBody(client, maxReplayedBytes);
    upstream.further.budget.recordCall();
    client.once('close', () => this.#clientGone());
    this.#context.signal.addEventListener('abort', () =>
      this.end(AppError.from(this.#context.signal.reason)),
    );
  }

  get path(): string {
    return this.#isRead ? String(this.#options.headers[':path']) : 'other';
  }

  /** Whether messages are on their way: a stream, since whole answers come at once. */
  get isStreaming(): boolean {
    return this.#answer !== undefined;
  }

  attempt(): void {
    try {
      this.#send();
    } catch (thrown) {
      this.end(AppError.from(thrown));
    }
  }

  /** Ends the call with a status of the edge's own. */
  end(error: AppError): void {
    if (this.#done) return;
    const { client } = this.#options;
    this.#attempt?.giveUp(error.code === 'deadline_exceeded' ? 'deadline_exceeded' : 'cancelled');
    this.#finish(error.code);
    if (this.#answer) this.#answer.endWith(error);
    else if (!client.destroyed && !client.headersSent) this.#respondWhole(ownHead(error, this.#context));
  }

  #send(): void {
    const { upstream, pool, kit, headers: given, client, attemptTimeoutMs } = this.#options;
    const { remoteAddress = 'unknown', encrypted } = (client.session?.socket ?? {}) as Partial<TLSSocket>;
    const origin = { address: remoteAddress, isEncrypted: encrypted === true };
    const headers = callHeaders(given, this.#context, {
      client: origin,
      retried: this.#attempts > 0,
    });
    const repeatable = this.#isRead || this.#context.idempotencyKey !== undefined;
    const lease = upstream.endpoints.balancer.acquire({
      exclude: this.#tried,
      repeatable,
      stream: !this.#isRead,
    });
    this.#tried.add(lease.endpoint.id);
    this.#attempts++;
    const { further } = upstream;
    const mayMove =
      this.#isRead &&
      further.hasUntried(this.#tried) &&
      this.#attempts - this.#refused <= further.policy.maxRetries;
    const headLimit = this.#isRead ? this.#headDeadline.remainingMs() : Infinity;
    const attempt = (this.#attempt = new CallAttempt({
      lease,
      pool,
      headers,
      body: this.#body,
      clock: kit.clock,
      isMeasured: this.#isRead,
      timeoutMs: Math.min(mayMove ? attemptTimeoutMs : Infinity, headLimit),
      onAnswer: (stream, head, isWhole) => this.#answered(attempt, { stream, head, isWhole }),
      onLost: (lost) => this.#lost(lost),
      onEnd: (outcome, durationMs) => {
        const endpoint = lease.endpoint.id;
        const { name } = upstream;
        kit.metrics.upstreamAttempt({ upstream: name, endpoint, operation: this.path, outcome, durationMs });
      },
    }));
    void attempt.start();
  }

  #answered(
    attempt: CallAttempt,
    { stream, head, isWhole }: { stream: ClientHttp2Stream; head: IncomingHttpHeaders; isWhole: boolean },
  ): void {
    if (isWhole) {
      const status = readCallStatus(head);
      attempt.finish(status.failure, status.code, status.retryAfterMs);
      if (status.failure !== undefined && this.#retried(lostBy(status), status)) return;
      this.#finish(status.code);
      this.#respondWhole(answerHeaders(head));
      return;
    }
    this.#body.forget();
    this.#answer = passAnswer({
      upstream: stream,
      client: this.#options.client,
      head,
      isConnected: () => attempt.isConnected,
      onEnd: (trailers) => {
        const status = trailers && readCallStatus(trailers);
        attempt.finish(
          status ? status.failure : 'reset',
          status?.code ?? 'unavailable',
          status?.retryAfterMs,
        );
        this.#finish(status?.code ?? 'unavailable');
      },
    });
  }

  #lost(lost: LostCall): void {
    if (this.#done || this.#retried(lost)) return;
    const error = lost.failure === 'timeout' ? deadlineExceeded() : upstreamFailed(undefined);
    this.end(lost.processed === 'perhaps' && !this.#isRead ? perhapsDone(error) : error);
  }

  /** Whether another attempt is on its way. */
  #retried({ failure, processed }: LostCall, status?: CallStatus): boolean {
    const { upstream, kit } = this.#options;
    if (failure === 'refused') this.#refused++;
    if (this.#done || this.#context.signal.aborted) return false;
    const delayMs = planRetry(
      {
        failure,
        operation: this.path,
        safety: this.#isRead ? 'idempotent' : 'unsafe',
        hasIdempotencyKey: this.#context.idempotencyKey !== undefined,
        processed,
        attempts: this.#attempts,
        refused: this.#refused,
        tried: this.#tried,
        mayStay: failure === 'refused' || failure === 'reset',
        retriedInFront: false,
        settledBelow: status?.settled ?? false,
        remainingMs: this.#headDeadline.remainingMs() - deadlineMarginMs,
        retryAfterMs: status?.retryAfterMs,
        bodyConsumed: !this.#body.isKept,
      },
      upstream.further,
    );
    if (delayMs === undefined) return false;
    this.#body.detach();
    kit.clock.after(delayMs, () => {
      if (!this.#done) this.attempt();
    });
    return true;
  }

  #respondWhole(headers: ReturnType<typeof answerHeaders>): void {
    const { client } = this.#options;
    if (client.destroyed) return;
    client.respond(headers, { endStream: true });
    this.#body.discard();
    endRequest(client);
  }

  #clientGone(): void {
    if (this.#done) return;
    this.#attempt?.giveUp('cancelled');
    this.#finish('cancelled');
  }

  #finish(code: string): void {
    if (this.#done) return;
    this.#done = true;
    this.#options.scope.close();
    this.#options.onDone(code);
  }
}

function lostBy({ failure = 'server_error' }: CallStatus): LostCall {
  return { failure, processed: 'perhaps' };
}

/** An answer that consists of a status of the edge's own. */
export function ownHead(error: AppError, { requestId }: Pick<Context, 'requestId'>) {
  return {
    ':status': 200,
    'content-type': 'application/grpc',
    'x-request-id': requestId,
    ...statusTrailers(error),
  };
}
