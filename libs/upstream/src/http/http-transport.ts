import { AppError, type Clock, type Context } from '@bff/core';
import type { Operation } from '@bff/contracts';
import { Pool, type Dispatcher } from 'undici';
import { timeForNextHop } from '../time-for-next-hop.ts';
import type { Attempt, Transport } from '../transport.ts';
import { malformedAnswer, unavailable } from '../upstream-failure.ts';
import { answeredProblem, exchangeFailed, type HttpAnswer } from './http-error.ts';
import { checkHttpHealth } from './http-health.ts';
import { toHttpRequest } from './http-request.ts';

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
  const { maxConnections } = options;
  const pools = createPools(maxConnections, options);
  // A connection of its own: a check that waits behind slow calls would tell of them and not of the instance.
  const healthPools = createPools(1, options);

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
    check: async ({ url }, context) => checkHttpHealth(healthPools.of(url), options.healthPath, context),
    forget({ url }) {
      pools.forget(url);
      healthPools.forget(url);
    },
    async close() {
      await Promise.all([pools.close(), healthPools.close()]);
    },
  };
}

/** One pool per address, opened at its first use. */
function createPools(connections: number, options: HttpTransportOptions) {
  const pools = new Map<string, Pool>();
  let closed = false;
  return {
    of(url: string): Pool {
      if (closed) throw unavailable('refused', 'The upstream was called after its close.');
      const known = pools.get(url);
      if (known) return known;
      const pool = createPool(url, connections, options);
      pools.set(url, pool);
      return pool;
    },
    forget(url: string): void {
      const pool = pools.get(url);
      pools.delete(url);
      // Waits for what is in flight; an error then is that of connections which nobody needs any more.
      pool?.close().catch(() => undefined);
    },
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function createPool(url: string, connections: number, options: HttpTransportOptions): Pool {
  return new Pool(url, {
    connections,
    // One request per connection at a time: a slow answer must not hold up another one behind it.
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    maxResponseSize: options.maxResponseBytes,
    // The attempt's own deadline rules, to the millisecond; undici's timers are coarser.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
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
