import { readBearer } from '@bff/auth';
import {
  AppError,
  openContext,
  type Clock,
  type ContextScope,
  type Principal,
  type TraceContext,
} from '@bff/core';
import type { CallInfo, ClientIdentity, ProcessKit, RequestOrigin } from '@bff/server-kit';

/** Who is behind a live connection, and until when that is proved. */
export interface LiveIdentity {
  readonly principal: Principal;
  /** Milliseconds from now until the access token expires. */
  readonly expiresInMs: number;
}

/** What is known of the request that opened a live connection. */
export interface Opening {
  requestId: string;
  trace: TraceContext;
  /** Where it came from. */
  origin: RequestOrigin;
}

/** A subscription as the user's limit counts it. */
export function subscribing({ origin }: Opening): CallInfo {
  return { rpcPath: '/graphql', name: 'subscribe', peer: origin.address, origin };
}

/** Node's timers know no more; a token that lives longer is asked for again after this time. */
const longestMs = 2 ** 31 - 1;

/** The scope of a live connection: it ends with the access token, with the client, or with this process. */
export function openLiveScope(
  kit: ProcessKit,
  { principal, expiresInMs }: LiveIdentity,
  { requestId, trace }: Opening,
): ContextScope {
  return openContext({
    clock: kit.clock,
    timeoutMs: Math.min(expiresInMs, longestMs),
    requestId,
    trace,
    principal,
    idempotencyKey: undefined,
  });
}

/**
 * When a token that has been verified expires, in milliseconds from `now`. The verifier says who it stands for; how long it is
 * good is read here once more, since only live connections outlast it.
 */
function expiresInMs(token: string, now: Date): number {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    exp: number;
  };
  return Math.max(0, claims.exp * 1000 - now.getTime());
}

/** Who shows an `Authorization` value, and for how long. */
export function authenticateLive(identity: ClientIdentity, clock: Clock) {
  return async (authorization: string | readonly string[] | undefined): Promise<LiveIdentity> => {
    const principal = await identity.authenticate(authorization);
    return { principal, expiresInMs: expiresInMs(readBearer(authorization), clock.date()) };
  };
}

export function clientGone(): AppError {
  return new AppError('cancelled', 'The client went away.');
}
