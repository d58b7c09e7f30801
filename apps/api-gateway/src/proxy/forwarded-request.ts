import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError, type Context } from '@bff/core';
import { planRetry, retriedHeader, type FurtherAttempts, type ManagedEndpoints } from '@bff/upstream';
import type { ProcessKit } from '@bff/server-kit';
import type { Request, Response } from 'express';
import { clientHeaders } from './client-headers.ts';
import { serviceFault } from '../errors.ts';
import { Exchange, failureOf, type FailedExchange } from './exchange.ts';
import { deadlineMarginMs, upstreamHeaders } from './upstream-headers.ts';

const listenersPerAttempt = 10;

/** What all requests to one service share. */
export interface ForwardingParts {
  readonly service: string;
  readonly kit: ProcessKit;
  readonly endpoints: Pick<ManagedEndpoints, 'balancer' | 'discovered'>;
  readonly further: FurtherAttempts;
  /** How long the head of an answer may take where another instance can be asked. */
  readonly attemptTimeoutMs: number;
}

export interface ForwardedRequestOptions extends ForwardingParts {
  readonly request: Request;
  readonly response: Response;
  readonly context: Context;
  /** The internal token for the service. */
  readonly token: string;
  /** Sends the request to the instance of the current exchange. */
  readonly send: () => void;
  /** Answers the client with an error. */
  readonly fail: (error: AppError) => void;
}

/**
 * One request of a client on its way to an instance, and to another one if the first fails and the request may be
 * repeated: nothing was sent, or it is a read or has an idempotency key and no body, since a body is streamed once.
 */
export class ForwardedRequest {
  readonly #options: ForwardedRequestOptions;
  readonly #given: IncomingHttpHeaders;
  readonly #hasBody: boolean;
  readonly #tried = new Set<string>();
  #exchange: Exchange | undefined;
  #attempts = 0;

  constructor(options: ForwardedRequestOptions) {
    this.#options = options;
    const { headers } = options.request;
    this.#given = headers;
    this.#hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (options.context.retried !== true) options.further.budget.recordCall();
  }

  get exchange(): Exchange {
    if (!this.#exchange) throw new Error('The request has not been sent.');
    return this.#exchange;
  }

  /** Makes one attempt. Throws `deadline_exceeded` when it would come too late, `unavailable` when nobody is there. */
  attempt(): void {
    const { context, request, token, kit, endpoints, further, attemptTimeoutMs, send } = this.#options;
    const headers = upstreamHeaders(this.#given, context, token);
    if (this.#attempts > 0 || context.retried === true) headers[retriedHeader] = '1';
    const repeatable = this.#repeatable;
    const lease = endpoints.balancer.acquire({ exclude: this.#tried, repeatable });
    this.#tried.add(lease.endpoint.id);
    this.#attempts++;
    // Where nobody else can be asked, waiting as long as the client does is the best there is.
    const mayMove =
      repeatable && further.hasUntried(this.#tried) && this.#attempts <= further.policy.maxRetries;
    this.#exchange = new Exchange({
      lease,
      context,
      clock: kit.clock,
      timeoutMs: mayMove ? attemptTimeoutMs : Infinity,
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
    const { response, fail } = this.#options;
    const { exchange } = this;
    const { statusCode: status = 502, headers } = answer;
    const retryAfterMs = readSeconds(headers['retry-after']);
    const complete = exchange.answered(status, retryAfterMs);
    const error = serviceFault(status, retryAfterMs);
    const settledBelow = headers['x-request-settled'] !== undefined;
    const failure = failureOf(status);
    const delayMs =
      failure && this.#delayBeforeRetry({ failure, error, sent: true, stale: false }, settledBelow);
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
    // 401 means that the service does not accept the gateway's token, which is no affair of the client's.
    if (status >= 500 || status === 401) {
      complete();
      answer.resume();
      fail(error);
      return;
    }
    answer.once('end', complete);
    response.writeHead(status, clientHeaders(headers, exchange.lease.endpoint.url));
    answer.pipe(response);
  }

  #failed(failed: FailedExchange): void {
    const delayMs = this.#delayBeforeRetry(failed, false);
    if (delayMs === undefined) this.#options.fail(failed.error);
    else this.#retryAfter(delayMs);
  }

  #retryAfter(delayMs: number): void {
    const { context, kit, fail, response } = this.#options;
    // The library listens to the answer anew for every attempt; that is no leak, since attempts are few.
    response.setMaxListeners(listenersPerAttempt * (this.#attempts + 2));
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
  #delayBeforeRetry(
    { failure, error, sent, stale }: FailedExchange,
    settledBelow: boolean,
  ): number | undefined {
    const { context, response, request, further } = this.#options;
    if (response.headersSent || context.signal.aborted) return undefined;
    return planRetry(
      {
        failure,
        operation: request.method,
        safety: isRead(request) ? 'idempotent' : 'unsafe',
        hasIdempotencyKey: context.idempotencyKey !== undefined,
        processed: sent ? 'perhaps' : 'no',
        attempts: this.#attempts,
        tried: this.#tried,
        mayStay: stale,
        retriedInFront: context.retried === true,
        settledBelow,
        remainingMs: context.deadline.remainingMs() - deadlineMarginMs,
        retryAfterMs: error.retryAfterMs,
        bodyConsumed: sent && this.#hasBody,
      },
      further,
    );
  }

  /** Whether a second attempt would be allowed whatever happens to the first. */
  get #repeatable(): boolean {
    const { context, request } = this.#options;
    if (context.retried === true || this.#hasBody) return false;
    return isRead(request) || context.idempotencyKey !== undefined;
  }
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function readSeconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : undefined;
}
