import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError, type Deadline } from '@bff/core';
import { planRetry, retriedHeader } from '@bff/upstream';
import type { Request } from 'express';
import { perhapsDone, serviceFault } from '../errors.ts';
import { Exchange, failureOf, type FailedExchange } from './exchange.ts';
import type { ForwardedRequestOptions } from './forwarding-parts.ts';
import { deadlineMarginMs } from './upstream-headers.ts';

const listenersPerAttempt = 10;

/**
 * One request of a client on its way to an instance, and to another one if the first fails and the request may be
 * repeated: nothing was sent, or it is a read or has an idempotency key, and its body has not been streamed away.
 */
export class ForwardedRequest {
  readonly #options: ForwardedRequestOptions;
  /** It is streamed once, and then it is gone. */
  readonly #streamsBody: boolean;
  readonly #headDeadline: Deadline;
  readonly #tried = new Set<string>();
  #exchange: Exchange | undefined;
  #attempts = 0;
  /** Those that nobody took. */
  #refused = 0;

  constructor(options: ForwardedRequestOptions) {
    this.#options = options;
    const { request, body, headTimeoutMs = Infinity } = options;
    this.#streamsBody = body === undefined && hasBody(request);
    this.#headDeadline = options.context.deadline.within(headTimeoutMs);
    if (options.context.retried !== true) options.further.budget.recordCall();
  }

  get exchange(): Exchange {
    if (!this.#exchange) throw new Error('The request has not been sent.');
    return this.#exchange;
  }

  get body(): Buffer | undefined {
    return this.#options.body;
  }

  /** Makes one attempt. Throws `deadline_exceeded` when it would come too late, `unavailable` when nobody is there. */
  attempt(): void {
    const { context, request, kit, endpoints, further, attemptTimeoutMs, isStream, send } = this.#options;
    const headers = this.#options.headers();
    if (this.#attempts > 0 || context.retried === true) headers[retriedHeader] = '1';
    const repeatable = this.#repeatable;
    const lease = endpoints.balancer.acquire({
      exclude: this.#tried,
      repeatable,
      ...(isStream === true && { stream: true }),
    });
    this.#tried.add(lease.endpoint.id);
    this.#attempts++;
    // Where nobody else can be asked, waiting as long as the client does is the best there is.
    const mayMove =
      repeatable &&
      further.hasUntried(this.#tried) &&
      this.#attempts - this.#refused <= further.policy.maxRetries;
    this.#exchange = new Exchange({
      lease,
      context,
      clock: kit.clock,
      timeoutMs: Math.min(mayMove ? attemptTimeoutMs : Infinity, this.#headDeadline.remainingMs()),
      isStream: isStream === true,
      onFailed: (failed) => this.#failed(failed),
      onEnd: (outcome, durationMs) => {
        const { service: upstream } = this.#options;
        const endpoint = lease.endpoint.id;
        kit.metrics.upstreamAttempt({ upstream, endpoint, operation: request.method, outcome, durationMs });
      },
    });
    // The library copies these headers; there is no later point at which all of them can still be changed.
    request.headers = headers;
    send();
  }

  sendOver(upstream: ClientRequest): void {
    this.exchange.sendOver(upstream);
  }

  /** Passes the answer on, be it with the client's own error; a failure of the service is retried or becomes the gateway's. */
  answer(answer: IncomingMessage): void {
    const { response, fail, answers } = this.#options;
    const { exchange } = this;
    const { statusCode: status = 502, headers } = answer;
    const retryAfterMs = readSeconds(headers['retry-after']);
    const complete = exchange.answered(status, retryAfterMs);
    const error = serviceFault(status, retryAfterMs);
    const settledBelow = headers['x-request-settled'] !== undefined;
    const failure = failureOf(status, retryAfterMs);
    const delayMs = failure && this.#delayBeforeRetry({ failure, error, sent: true }, settledBelow);
    answer.once('error', (broken) => {
      exchange.broke(broken);
    });
    if (delayMs !== undefined) {
      // To its end, or the library would break off the client's answer with it.
      answer.once('end', () => {
        complete();
        this.#retryAfter(delayMs);
      });
      answer.resume();
      return;
    }
    if (answers.replaces(status)) {
      complete();
      answer.resume();
      fail(error);
      return;
    }
    answer.once('end', complete);
    response.writeHead(status, answers.headers(headers, exchange.lease.endpoint.url));
    const isEvents = isEventStream(headers);
    if (isEvents) this.#endAtDrain();
    this.#endInSilence(isEvents);
    answer.pipe(response);
  }

  /** The rest of an answer may last, but not come from a process that is frozen: its client is to ask elsewhere. */
  #endInSilence(isEvents: boolean): void {
    const { response, endpoints } = this.#options;
    const { exchange } = this;
    const stopWaiting = endpoints.onceSilent(exchange.lease.endpoint.id, () => {
      exchange.giveUp();
      // Events are whole one by one; any other answer must not look complete.
      if (isEvents) response.end();
      else response.destroy();
    });
    response.once('close', stopWaiting);
  }

  /** Events may be far between, and they have no end of their own. */
  #endAtDrain(): void {
    const { response, kit } = this.#options;
    response.flushHeaders();
    const moveOn = () => {
      this.exchange.giveUp();
      response.end();
    };
    kit.drain.addEventListener('abort', moveOn, { once: true });
    response.once('close', () => kit.drain.removeEventListener('abort', moveOn));
  }

  #failed(failed: FailedExchange): void {
    const delayMs = this.#delayBeforeRetry(failed, false);
    const { isRead, fail } = this.#options;
    if (delayMs === undefined) fail(failed.sent && !isRead ? perhapsDone(failed.error) : failed.error);
    else this.#retryAfter(delayMs);
  }

  #retryAfter(delayMs: number): void {
    const { context, kit, fail, request, response } = this.#options;
    // The library listens to both anew for every attempt; that is no leak, since attempts are few.
    const listeners = listenersPerAttempt * (this.#attempts + 2);
    request.setMaxListeners(listeners);
    response.setMaxListeners(listeners);
    const again = () => {
      // Its client has left, or has been told that the deadline has passed.
      if (context.signal.aborted) return;
      try {
        this.attempt();
      } catch (thrown) {
        fail(AppError.from(thrown));
      }
    };
    if (delayMs === 0) again();
    else kit.clock.after(delayMs, again);
  }

  /** Milliseconds until the next attempt, which the budget has paid for; undefined when there is to be none. */
  #delayBeforeRetry({ failure, error, sent }: FailedExchange, settledBelow: boolean): number | undefined {
    const { context, response, request, further, isRead } = this.#options;
    if (failure === 'refused') this.#refused++;
    if (response.headersSent || context.signal.aborted) return undefined;
    return planRetry(
      {
        failure,
        operation: request.method,
        safety: isRead ? 'idempotent' : 'unsafe',
        hasIdempotencyKey: context.idempotencyKey !== undefined,
        processed: sent ? 'perhaps' : 'no',
        attempts: this.#attempts,
        refused: this.#refused,
        tried: this.#tried,
        // Idle connections are closed as they are used, and by then the others may be known to be well again.
        mayStay: failure === 'refused' || failure === 'reset',
        retriedInFront: context.retried === true,
        settledBelow,
        remainingMs: this.#headDeadline.remainingMs() - deadlineMarginMs,
        retryAfterMs: error.retryAfterMs,
        bodyConsumed: sent && this.#streamsBody,
      },
      further,
    );
  }

  /** Whether a second attempt would be allowed whatever happens to the first. */
  get #repeatable(): boolean {
    const { context, isRead } = this.#options;
    if (context.retried === true || this.#streamsBody) return false;
    return isRead || context.idempotencyKey !== undefined;
  }
}

/** Whether a body belongs to the request, by its framing. */
export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isEventStream(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('text/event-stream') === true;
}

function readSeconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : undefined;
}
