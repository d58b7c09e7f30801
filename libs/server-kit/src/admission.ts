import {
  createConcurrencyLimiter,
  holdPermit,
  limitConcurrency,
  rateLimitHeaders,
  RateLimitExceeded,
  type ConcurrencyState,
  type Priority,
  type RateLimitState,
} from '@bff/admission';
import type { Context, Filter } from '@bff/core';
import { connectRedis } from '@bff/state';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import type { ArrivalGate, CallGate } from './grpc/run-call.ts';
import { originOf } from './http/claimed-headers.ts';
import { contextOf } from './http/request-context.ts';
import type { ProcessKit } from './process-kit.ts';
import { createRateLimits, rateLimitVariables } from './rate-limits.ts';
import { count, redisUrl } from './variables.ts';

/** How much of the traffic is let in; the same for the gateway and every BFF. */
export const admissionVariables = () => ({
  ...rateLimitVariables(),
  CONCURRENCY_MIN: count(
    100,
    'Requests in flight that are always let in; above that the limit follows what this process answers in time.',
  ),
  REDIS_URL: redisUrl('Redis in which all instances count together; each counts in memory without it.'),
});

type AdmissionConfiguration = z.output<z.ZodObject<ReturnType<typeof admissionVariables>>>;

export interface Admission {
  /** First of all: refuses what is over the limit of the address it comes from (429). */
  readonly arrivals: RequestHandler;
  /**
   * Stands behind authentication: the limits are the user's and his client's, and a stranger cannot use them up. Refuses at once
   * (503) what this process has no room for, then what is over a limit (429).
   */
  readonly requests: readonly RequestHandler[];
  /** The user's limit alone, for event streams: they would hold a place for hours, so whoever serves them bounds them himself. */
  readonly streams: readonly RequestHandler[];
  /** The limit of addresses for gRPC: RESOURCE_EXHAUSTED with RetryInfo. Health passes no gate. */
  readonly arrivalGate: ArrivalGate;
  /** The limits of users and clients for gRPC. */
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
  const limits = createRateLimits({ configuration, name, redis, clock });
  // The floor is high for the library's terms: while an instance behind us is frozen, requests pile up without costing
  // this process anything, and they must not be refused for that.
  const minLimit = configuration.CONCURRENCY_MIN;
  const concurrency = createConcurrencyLimiter({
    clock,
    minLimit,
    startLimit: 2 * minLimit,
    maxLimit: 10 * minLimit,
  });

  const takePlace: RequestHandler = (request, response, next) => {
    holdPermit(concurrency.acquire(priorityOf(request)), response);
    next();
  };
  const countUser = countBy(async (request) => {
    const { principal } = contextOf(request);
    return principal ? limits.request(principal) : [];
  });
  return {
    arrivals: countBy((request) => limits.arrival(originOf(request))),
    requests: [takePlace, countUser],
    streams: [countUser],
    arrivalGate: async ({ origin }) => {
      await limits.arrival(origin);
    },
    gate: async (_info, { principal }: Context) => {
      if (principal) await limits.request(principal);
    },
    room: (priority) => limitConcurrency(concurrency, priority),
    state: () => concurrency.state(),
    close: () => {
      redis?.close();
    },
  };
}

const counted = new WeakMap<Request, readonly RateLimitState[]>();

/** Counts a request and says in the answer what is left of every limit, the narrowest kind first. */
function countBy(count: (request: Request) => Promise<readonly RateLimitState[]>): RequestHandler {
  return async (request, response, next) => {
    const say = (states: readonly RateLimitState[]) => {
      const all = [...states, ...(counted.get(request) ?? [])];
      counted.set(request, all);
      if (all.length > 0) response.set({ ...rateLimitHeaders(...all) });
    };
    try {
      say(await count(request));
    } catch (thrown) {
      if (thrown instanceof RateLimitExceeded) say([thrown.state]);
      throw thrown;
    }
    next();
  };
}

/** Writes go before browsing: a checkout that is refused costs more than a list. */
function writesFirst({ method }: Request): Priority {
  return method === 'GET' || method === 'HEAD' ? 'normal' : 'critical';
}
