import { AppError, type Clock, type Context } from '@bff/core';
import type { Operation } from '@bff/contracts';
import type { Dispatcher, Pool } from 'undici';
import { timeForNextHop } from '../time-for-next-hop.ts';
import type { Attempt, Transport } from '../transport.ts';
import { malformedAnswer } from '../upstream-failure.ts';
import { answeredProblem, exchangeFailed, type HttpAnswer } from './http-error.ts';
import { createHttpHealth } from './http-health.ts';
import { toHttpRequest } from './http-request.ts';
import { createPools } from './pools.ts';

export interface HttpTransportOptions {
  clock: Clock;
  deadlineMarginMs: number;
  maxResponseBytes: number;
  /** Per instance. */
  maxConnections: number;
  connectTimeoutMs: number;
  /** Path of the health check. */
  healthPath: string;
}

/** HTTP/JSON over keep-alive connections: one undici pool per instance, opened at its first call. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { maxConnections, connectTimeoutMs, maxResponseBytes } = options;
  const pools = createPools({ connections: maxConnections, connectTimeoutMs, maxResponseBytes });
  const health = createHttpHealth({ path: options.healthPath, connectTimeoutMs });

  return {
    protocol: 'http',
    async exchange(attempt, context) {
      const answer = await send(attempt, context, pools.of(attempt.lease.endpoint.url), options);
      // A redirect is no answer either: services are called by their own address.
      if (answer.status < 300) return decodeAnswer(attempt.operation, answer);
      if (answer.status < 400) throw malformedAnswer(attempt.operation.name);
      throw answeredProblem(answer, attempt.operation.name, options.clock);
    },
    stream: () => {
      throw new AppError('unimplemented', 'Live updates are not offered over HTTP.');
    },
    check: health.check,
    forget(endpoint) {
      pools.forget(endpoint.url);
      health.forget(endpoint);
    },
    async close() {
      await Promise.all([pools.close(), health.close()]);
    },
  };
}

async function send<Req, Res>(
  attempt: Attempt<Req, Res>,
  context: Context,
  pool: Pool,
  options: HttpTransportOptions,
): Promise<HttpAnswer> {
  const { method, path, body } = toHttpRequest(attempt.operation, attempt.request);
  const headers: Record<string, string> = {
    ...attempt.headers,
    accept: 'application/json, application/problem+json',
    'x-request-timeout-ms': String(timeForNextHop(context, options.deadlineMarginMs)),
  };
  if (body !== null) headers['content-type'] = 'application/json';
  try {
    const response = await pool.request({ method, path, body, headers, signal: context.signal });
    return {
      status: response.statusCode,
      contentType: headerText(response.headers, 'content-type') ?? '',
      retryAfter: headerText(response.headers, 'retry-after'),
      body: await response.body.text(),
    };
  } catch (thrown) {
    if (context.signal.aborted) throw AppError.from(context.signal.reason);
    throw exchangeFailed(thrown, attempt.operation.name);
  }
}

function headerText(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function decodeAnswer<Req, Res>(operation: Operation<Req, Res>, answer: HttpAnswer): Res {
  try {
    return operation.response.fromJson(JSON.parse(answer.body));
  } catch (cause) {
    throw malformedAnswer(operation.name, cause);
  }
}
