import { formatTraceparent, untilEnded, type Context, type Filter, type Principal } from '@bff/core';
import { retriedHeader } from './further-attempt.ts';
import type { UpstreamCall } from './transport.ts';

/** Mints the token that tells a service on whose behalf it is called (`@bff/auth`). */
export type InternalToken = (principal: Principal, audience: string) => Promise<string>;

export interface IdentityOptions {
  readonly internalToken: InternalToken;
  /** The service the token is for. */
  readonly audience: string;
}

/** What travels with every call: identity, request id, trace, idempotency key. Anonymous calls carry no token. */
export async function carriedHeaders(
  context: Context,
  identity: IdentityOptions,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    'x-request-id': context.requestId,
    traceparent: formatTraceparent(context.trace),
  };
  if (context.retried === true) headers[retriedHeader] = '1';
  if (context.idempotencyKey !== undefined) headers['idempotency-key'] = context.idempotencyKey;
  if (context.principal !== undefined) {
    const token = await untilEnded(
      identity.internalToken(context.principal, identity.audience),
      context.signal,
    );
    headers['authorization'] = `Bearer ${token}`;
  }
  return headers;
}

export function carryHeaders<Req, Res>(identity: IdentityOptions): Filter<UpstreamCall<Req, Res>, Res> {
  return (next) => async (call, context) => {
    const headers = { ...call.headers, ...(await carriedHeaders(context, identity)) };
    return next({ ...call, headers }, context);
  };
}
