import type { Context } from '@bff/core';
import type { Operation } from '@bff/contracts';
import type { UpstreamCall } from './transport.ts';

/**
 * Marks a request that is a further attempt. Whoever gets it tries once and no more: if every tier retried, a total
 * outage would cost 1.2ⁿ times the offered calls instead of 1.2 times.
 */
export const retriedHeader = 'x-request-retried';

/** The same call as a retry or a hedge of it; `tried` is shared, so that it goes to another instance. */
export function asFurtherAttempt<Req, Res>(
  call: UpstreamCall<Req, Res>,
  role: 'retry' | 'hedge',
): UpstreamCall<Req, Res> {
  return { ...call, role, headers: { ...call.headers, [retriedHeader]: '1' } };
}

/** Whether doing it twice is doing it once: by the operation's nature, or because the service knows its key. */
export function isRepeatable(operation: Pick<Operation<never, never>, 'safety'>, context: Context): boolean {
  return operation.safety !== 'keyed' || context.idempotencyKey !== undefined;
}
