import type { RequestHandler } from 'express';

const day = 86_400;
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const requestHeaders =
  'Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-Request-Timeout-Ms, Traceparent';
const responseHeaders = 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, Location';

/**
 * Lets pages of the listed origins read answers, without cookies. By itself a browser lets nobody, so with an empty list nothing is
 * said at all; an origin that is not listed gets no header, and its preflight is answered as any other OPTIONS.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const listed = new Set(origins);
  return (request, response, next) => {
    if (listed.size > 0) response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !listed.has(origin)) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('Access-Control-Expose-Headers', responseHeaders);
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', methods);
    response.setHeader('Access-Control-Allow-Headers', requestHeaders);
    response.setHeader('Access-Control-Max-Age', String(day));
    response.status(204).end();
  };
}
