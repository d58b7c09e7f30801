import { constants, sensitiveHeaders, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { deadlineExceeded, formatTraceparent, AppError, type Context } from '@bff/core';
import { encodeStatusDetails, grpcStatusOf } from '@bff/contracts';
import { deadlineMarginMs, hopByHop, isHarmless } from '../../proxy/upstream-headers.ts';
import { forwardedHeaders, type Client } from '../edge-headers.ts';

const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Milliseconds that the client waits; undefined when it has set no limit. Throws `invalid_argument`. */
export function readGrpcTimeout(given: IncomingHttpHeaders): number | undefined {
  const value = given['grpc-timeout'];
  if (value === undefined) return undefined;
  const parts = typeof value === 'string' ? /^(\d{1,8})([HMSmun])$/.exec(value) : null;
  if (!parts) throw new AppError('invalid_argument', 'grpc-timeout must be up to eight digits and a unit.');
  return Number(parts[1]) * (unitsMs[parts[2] ?? ''] ?? 0);
}

/** The headers of an attempt: the client's metadata, credentials included, with what only the edge may say. Throws `deadline_exceeded`. */
export function callHeaders(
  given: IncomingHttpHeaders,
  context: Context,
  { client, retried }: { client: Client; retried: boolean },
): OutgoingHttpHeaders {
  const kept = Object.entries(given).filter(
    ([name]) => !name.startsWith(':') && name !== 'host' && isHarmless(name, given, context.trace),
  );
  return {
    ...Object.fromEntries(kept),
    ...forwardedHeaders(client, given[':authority']),
    ...timeLeft(given, context),
    ...(retried && { 'x-request-retried': '1' }),
    'x-request-id': context.requestId,
    traceparent: formatTraceparent(context.trace),
    te: 'trailers',
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: given[':path'],
    [constants.HTTP2_HEADER_SCHEME]: 'http',
    [constants.HTTP2_HEADER_AUTHORITY]: given[':authority'],
    // Many users share the connection to an instance: their credentials stay out of its compression table.
    [sensitiveHeaders]: ['authorization', 'cookie'],
  };
}

function timeLeft(given: IncomingHttpHeaders, { deadline }: Context): OutgoingHttpHeaders {
  if (given['grpc-timeout'] === undefined) return {};
  const timeoutMs = Math.floor(deadline.remainingMs() - deadlineMarginMs);
  if (timeoutMs < 1) throw deadlineExceeded();
  // At most eight digits.
  return { 'grpc-timeout': timeoutMs < 1e8 ? `${timeoutMs}m` : `${Math.floor(timeoutMs / 1_000)}S` };
}

/** An instance's headers or trailers, as they go to the client. */
export function answerHeaders(given: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => !hopByHop.has(name) && name !== 'x-request-settled'),
  );
}

/** How the edge itself ends a call: after the head as trailers, before it with `:status` and `content-type`. */
export function statusTrailers(error: AppError): OutgoingHttpHeaders {
  return {
    'grpc-status': String(grpcStatusOf(error.code)),
    'grpc-message': encodeURIComponent(error.message).replaceAll('%20', ' '),
    'grpc-status-details-bin': Buffer.from(encodeStatusDetails(error)).toString('base64').replace(/=+$/, ''),
  };
}
