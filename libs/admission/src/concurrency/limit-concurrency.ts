import { AppError, type Context, type Filter } from '@bff/core';
import type { ConcurrencyLimiter, Permit, PermitOutcome, Priority } from './concurrency-limiter.ts';

/**
 * Puts a limiter around a call: `grpc.unary(operation, limitConcurrency(limiter, 'critical')(handler))`.
 * The place is held until the work itself ends, not until its caller has been answered: what outlives the caller still costs.
 * For calls with an end; a stream would hold its place for as long as somebody listens.
 */
export function limitConcurrency<Req, Res>(
  limiter: ConcurrencyLimiter,
  priority: Priority | ((request: Req, context: Context) => Priority),
): Filter<Req, Res> {
  return (next) => async (request, context) => {
    const permit = limiter.acquire(typeof priority === 'function' ? priority(request, context) : priority);
    try {
      const response = await next(request, context);
      permit.done('success');
      return response;
    } catch (thrown) {
      permit.done(outcomeOfError(thrown));
      throw thrown;
    }
  };
}

/** Failures end sooner than work does, so only the ones that took too long say something about load. */
export function outcomeOfError(thrown: unknown): PermitOutcome {
  return AppError.from(thrown).code === 'deadline_exceeded' ? 'dropped' : 'ignored';
}

/** What is needed of an HTTP response, be it Node's or Express's. */
export interface ClosingResponse {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Gives the permit back when the response is sent or its client has left, which HTTP servers say with one `close` either way:
 * `app.use((request, response, next) => { holdPermit(limiter.acquire(priorityOf(request)), response); next(); })`.
 */
export function holdPermit(permit: Permit, response: ClosingResponse): void {
  response.once('close', () => {
    permit.done(outcomeOfResponse(response));
  });
}

function outcomeOfResponse({ statusCode, writableFinished }: ClosingResponse): PermitOutcome {
  if (statusCode === 504) return 'dropped';
  return writableFinished && statusCode < 400 ? 'success' : 'ignored';
}
