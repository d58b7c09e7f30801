import type { IncomingHttpHeaders } from 'node:http';
import { deadlineExceeded, formatTraceparent, type Context } from '@bff/core';
import { deadlineMarginMs, framing, isHarmless, namedByConnection } from '../proxy/upstream-headers.ts';

/**
 * The headers that a BFF gets: the client's, credentials and `Host` included, without what concerns its connection or
 * claims where it comes from, which the edge says itself. Throws `deadline_exceeded` when the client's time is up.
 */
export function edgeHeaders(
  given: IncomingHttpHeaders,
  client: Client,
  context: Context,
): IncomingHttpHeaders {
  const dropped = namedByConnection(given);
  const kept = Object.entries(given).filter(
    ([name]) => name !== 'expect' && !dropped.has(name) && isHarmless(name, given, context.trace),
  );
  return {
    ...Object.fromEntries(kept),
    ...framing(given),
    ...forwardedHeaders(client, given.host),
    ...timeLeft(given, context),
    'x-request-id': context.requestId,
    traceparent: formatTraceparent(context.trace),
  };
}

/** Who is at the other end, by what the edge has seen itself. */
export interface Client {
  readonly address: string;
  readonly isEncrypted: boolean;
}

/** Where a request came from. */
export function forwardedHeaders(
  { address, isEncrypted }: Client,
  host: string | undefined,
): IncomingHttpHeaders {
  return {
    // An IPv4 client of a socket that takes both is an IPv4 client.
    'x-forwarded-for': address.replace(/^::ffff:/, ''),
    'x-forwarded-proto': isEncrypted ? 'https' : 'http',
    ...(host !== undefined && { 'x-forwarded-host': host }),
  };
}

/** Only a client that gave a limit has one: the BFF knows its own, and event streams have none. */
function timeLeft(given: IncomingHttpHeaders, { deadline }: Context): IncomingHttpHeaders {
  if (given['x-request-timeout-ms'] === undefined) return {};
  const timeoutMs = Math.floor(deadline.remainingMs() - deadlineMarginMs);
  if (timeoutMs < 1) throw deadlineExceeded();
  return { 'x-request-timeout-ms': String(timeoutMs) };
}
