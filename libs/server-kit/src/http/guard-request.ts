import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-refusal.ts';
import { faultOfTarget } from './request-target.ts';

export interface RequestLimits {
  /** Headers of a request; more is 431. */
  maxHeaderCount: number;
  /** Names and values of all headers; more is 431. */
  maxHeaderBytes: number;
  /** Path and query; more is 414. */
  maxUriBytes: number;
}

/** One thing that is looked at in every request; returns why it is refused. */
export type RequestCheck = (request: IncomingMessage, limits: RequestLimits) => HttpRefusal | undefined;

/** RFC 9110, 4.2 and 7.2: a name or address and a port, no user information. */
const hostPattern = /^(?:[a-z\d](?:[a-z\d._-]{0,253})|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * What node's parser lets through although two servers could understand it differently, and what nobody here needs. The parser
 * itself refuses the rest: Content-Length beside Transfer-Encoding or twice, folded lines, bare CR and LF, NUL, bad chunks.
 */
export const requestChecks: Readonly<Record<string, RequestCheck>> = {
  /** HTTP/0.9 has no headers and HTTP/1.0 no chunks; a proxy that thinks otherwise sees two requests. */
  version({ httpVersion, headers }) {
    if (httpVersion !== '1.1' && httpVersion !== '1.0') return bad('The HTTP version is not supported.');
    if (httpVersion === '1.0' && headers['transfer-encoding'] !== undefined)
      return bad('HTTP/1.0 has no Transfer-Encoding.');
    return undefined;
  },
  framing({ headers }) {
    const coding = headers['transfer-encoding'];
    if (coding === undefined || coding.toLowerCase() === 'chunked') return undefined;
    return bad('Transfer-Encoding must be "chunked" and nothing else.');
  },
  uriLength: ({ url = '' }, { maxUriBytes }) =>
    url.length > maxUriBytes ? new HttpRefusal(414, 'The URI is too long.') : undefined,
  headerCount: ({ rawHeaders }, { maxHeaderCount }) =>
    rawHeaders.length / 2 > maxHeaderCount ? tooManyHeaders('There are too many header fields.') : undefined,
  headerBytes({ rawHeaders }, { maxHeaderBytes }) {
    const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
    return bytes > maxHeaderBytes ? tooManyHeaders('The header fields are too large.') : undefined;
  },
  /** RFC 9112, 3.2: exactly one. Node keeps the first of several, another server behind or in front may keep the last. */
  host({ headersDistinct, httpVersion }) {
    const hosts = headersDistinct['host'] ?? [];
    if (hosts.length > 1) return bad('The Host header must be given once.');
    if (hosts[0] === undefined) return httpVersion === '1.0' ? undefined : bad('The Host header is missing.');
    return hostPattern.test(hosts[0]) ? undefined : bad('The Host header must be a host and a port.');
  },
  /** TRACE shows a script what it may not see; nothing here needs it. */
  method: ({ method }) =>
    method === 'TRACE' || method === 'CONNECT'
      ? new HttpRefusal(405, 'This method is not served.', { closes: true })
      : undefined,
  /** A proxy that passes the upgrade on loses sight of what follows (h2c smuggling). */
  upgrade: ({ headers }) =>
    headers.upgrade !== undefined || headers['http2-settings'] !== undefined
      ? bad('The protocol cannot be changed here.')
      : undefined,
  target({ url = '' }) {
    const fault = faultOfTarget(url);
    return fault === undefined ? undefined : new HttpRefusal(400, `The request target ${fault}.`);
  },
};

/** The first reason to refuse a request; undefined when there is none. */
export function faultOfRequest(
  request: IncomingMessage,
  limits: RequestLimits,
  checks = requestChecks,
): HttpRefusal | undefined {
  for (const check of Object.values(checks)) {
    const refusal = check(request, limits);
    if (refusal) return refusal;
  }
  return undefined;
}

function bad(message: string): HttpRefusal {
  return new HttpRefusal(400, message, { closes: true });
}

function tooManyHeaders(message: string): HttpRefusal {
  return new HttpRefusal(431, message);
}
