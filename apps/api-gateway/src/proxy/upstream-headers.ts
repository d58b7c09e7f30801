import type { IncomingHttpHeaders } from 'node:http';
import { AppError, deadlineExceeded, formatTraceparent, type Context, type TraceContext } from '@bff/core';
import { isClaim } from '@bff/server-kit';

/** RFC 9110, 7.6.1, and what belongs to the client's own connection. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Set anew for whoever is behind. */
const own: ReadonlySet<string> = new Set([
  'x-request-id',
  'traceparent',
  'x-request-timeout-ms',
  'x-request-retried',
]);

/** The gateway has said `100 Continue` itself, and the service has an address of its own. */
const ownConnection: ReadonlySet<string> = new Set(['expect', 'host']);

/** What a client proves itself with. For the gateway alone; an edge passes them on untouched. */
const credentials = /^(?:authorization|cookie)$/;

/** How much sooner than here the deadline is at the service, so that its answer still arrives. */
export const deadlineMarginMs = 5;

/**
 * The headers that a service gets: the client's, without what concerns its connection or claims an identity, with the
 * gateway's own. Throws `deadline_exceeded` when no time is left.
 */
export function upstreamHeaders(
  given: IncomingHttpHeaders,
  context: Context,
  internalToken: string,
): IncomingHttpHeaders {
  const timeoutMs = Math.floor(context.deadline.remainingMs() - deadlineMarginMs);
  if (timeoutMs < 1) throw deadlineExceeded();
  const dropped = namedByConnection(given);
  const kept = Object.entries(given).filter(
    ([name]) => !dropped.has(name) && isForwarded(name, given, context),
  );
  return {
    ...Object.fromEntries(kept),
    ...framing(given),
    authorization: `Bearer ${internalToken}`,
    'x-request-id': context.requestId,
    traceparent: formatTraceparent(context.trace),
    'x-request-timeout-ms': String(timeoutMs),
  };
}

function isForwarded(name: string, given: IncomingHttpHeaders, { trace }: Context): boolean {
  return !ownConnection.has(name) && !credentials.test(name) && isHarmless(name, given, trace);
}

/** Whether a client's header may go on: it is not of its connection, not ours, and claims nothing. */
export function isHarmless(name: string, given: IncomingHttpHeaders, { traceId }: TraceContext): boolean {
  // It continues the client's trace; without that trace it means nothing.
  if (name === 'tracestate') return String(given['traceparent']).includes(traceId);
  return !hopByHop.has(name) && !own.has(name) && !isClaim(name);
}

/**
 * How long the body is must reach the service exactly as it reached us, whatever `Connection` says about these headers:
 * a body without framing would be read as the next request.
 */
export function framing(given: IncomingHttpHeaders): IncomingHttpHeaders {
  const coding = given['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new AppError('invalid_argument', 'Transfer-Encoding must be "chunked" and nothing else.');
  }
  if (coding !== undefined) return { 'transfer-encoding': 'chunked' };
  const length = given['content-length'];
  return length === undefined ? {} : { 'content-length': length };
}

/** Headers that the sender declares to be for this connection alone. */
export function namedByConnection({ connection }: IncomingHttpHeaders): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
