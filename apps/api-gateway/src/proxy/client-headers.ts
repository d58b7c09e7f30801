import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerRules } from './forwarding-parts.ts';
import { hopByHop, namedByConnection } from './upstream-headers.ts';

/** What tells a client which software or machine answered, or what the gateway says itself. */
const inside =
  /^(?:server|via|x-powered-by|x-aspnet.*|x-runtime|x-request-id|x-request-settled|x-served-by|x-backend.*|x-internal.*)$/;

/** The headers of a service's answer that are for the client. `origin` is the instance's, which no client may learn. */
export function clientHeaders(given: IncomingHttpHeaders, origin: string): IncomingHttpHeaders {
  const dropped = namedByConnection(given);
  const kept = Object.entries(given).filter(
    ([name]) => !dropped.has(name) && !hopByHop.has(name) && !inside.test(name),
  );
  const headers: IncomingHttpHeaders = Object.fromEntries(kept);
  const { location } = headers;
  if (location?.startsWith(`${origin}/`)) headers.location = location.slice(origin.length);
  return headers;
}

/** A gateway's own answers: 401 means that the service does not accept the gateway's token, no affair of the client's. */
export const gatewayAnswers: AnswerRules = {
  headers: clientHeaders,
  replaces: (status) => status >= 500 || status === 401,
};
