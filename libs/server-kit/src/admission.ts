import {
  addressKey,
  createConcurrencyLimiter,
  createRateLimiter,
  holdPermit,
  limitConcurrency,
  rateLimitHeaders,
  RateLimitExceeded,
  userKey,
  type ConcurrencyState,
  type Priority,
} from '@bff/admission';
import type { Context, Filter } from '@bff/core';
import { connectRedis } from '@bff/state';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import type { CallGate } from './grpc/run-call.ts';
import { contextOf } from './http/request-context.ts';
import type { ProcessKit } from './process-kit.ts';
import { count, redisUrl } from './variables.ts';

/** How much of the traffic is let in; the same for the gateway and every BFF. */
export const admissionVariables = () => ({
  RATE_LIMIT_PER_MINUTE: count(600, 'Requests that one user may make in a minute, over all instances.'),
  RATE_LIMIT_INSTANCES: count(1, 'Among how many instances the rate limit is divided without Redis.'),
  CONCURRENCY_MIN: count(
    100,
    'Requests in flight that are always let in; above that the limit follows what this process answers in time.',
  ),
  REDIS_URL: redisUrl('Redis in which all instances count together; each counts in memory without it.'),
});

type AdmissionConfiguration = z.output<z.ZodObject<ReturnType<typeof admissionVariables>>>;

/** Stands behind authentication: the limit is the user's, and a stranger cannot use it up. */
export interface Admission {
  /** Refuses at once (503) what this process has no room for, then what is over the user's limit (429). */
  readonly requests: readonly RequestHandler[];
  /** The user's limit for gRPC: RESOURCE_EXHAUSTED with RetryInfo. Health passes no gate. */
  readonly gate: CallGate;
  /** The process's room for gRPC: UNAVAILABLE with RetryInfo. Around unary handlers; a stream would hold its place for hours. */
  room<Req, Res>(priority: Priority): Filter<Req, Res>;
  /** For `/info`. */
  state(): ConcurrencyState;
  close(): void;
}

/** Never fails a start: while Redis is away each instance counts in its own memory. */
export async function createAdmission(
  configuration: AdmissionConfiguration,
  kit: ProcessKit,
  priorityOf: (request: Request) => Priority = writesFirst,
): Promise<Admission> {
  const { clock, logger, name } = kit;
  const redis =
    configuration.REDIS_URL &&
    (await connectRedis({
      url: configuration.REDIS_URL,
      clock,
      onChange: (state, err) => {
        logger.warn({ state, err }, 'the connection to Redis changed');
      },
    }));
  const limiter = createRateLimiter({
    name: 'user',
    points: configuration.RATE_LIMIT_PER_MINUTE,
    durationMs: 60_000,
    instances: configuration.RATE_LIMIT_INSTANCES,
    redis,
    clock,
  });
  // The floor is high for the library's terms: while an instance behind us is frozen, requests pile up without costing
  // this process anything, and they must not be refused for that.
  const minLimit = configuration.CONCURRENCY_MIN;
  const concurrency = createConcurrencyLimiter({
    clock,
    minLimit,
    startLimit: 2 * minLimit,
    maxLimit: 10 * minLimit,
  });
  // Apps that share a Redis count apart.
  const consume = (key: string) => limiter.consume(`${name}:${key}`);

  const takePlace: RequestHandler = (request, response, next) => {
    holdPermit(concurrency.acquire(priorityOf(request)), response);
    next();
  };
  const countRequest: RequestHandler = async (request, response, next) => {
    try {
      response.set({ ...rateLimitHeaders(await consume(keyOf(request))) });
    } catch (thrown) {
      if (thrown instanceof RateLimitExceeded) response.set({ ...rateLimitHeaders(thrown.state) });
      throw thrown;
    }
    next();
  };
  return {
    requests: [takePlace, countRequest],
    gate: async (_info, { principal }: Context) => {
      if (principal) await consume(userKey(principal.subject));
    },
    room: (priority) => limitConcurrency(concurrency, priority),
    state: () => concurrency.state(),
    close: () => {
      redis?.close();
    },
  };
}

/** Writes go before browsing: a checkout that is refused costs more than a list. */
function writesFirst({ method }: Request): Priority {
  return method === 'GET' || method === 'HEAD' ? 'normal' : 'critical';
}

function keyOf(request: Request): string {
  const { principal } = contextOf(request);
  return principal ? userKey(principal.subject) : addressKey(request.socket.remoteAddress ?? 'unknown');
}
