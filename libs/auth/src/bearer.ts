import { AppError } from '@bff/core';

/** RFC 6750, 2.1: the scheme, in any case, one space, one b64token. */
const credentials = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The token of an `Authorization` header. Throws an `AppError` `unauthenticated` when it is missing, malformed or
 * given twice.
 *
 * Node keeps only the first of two `Authorization` headers in `request.headers`; pass
 * `request.headersDistinct.authorization`, so that a second one is seen and refused.
 */
export function readBearer(header: string | readonly string[] | undefined): string {
  const values = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  const [value] = values;
  if (value === undefined) throw new AppError('unauthenticated', 'An access token is required.');
  const token = values.length === 1 ? credentials.exec(value)?.[1] : undefined;
  if (token === undefined) {
    throw new AppError('unauthenticated', 'Authorization must be "Bearer" followed by one access token.');
  }
  return token;
}

export interface BearerChallenge {
  /** Leave out when no token was given (RFC 6750, 3.1). */
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  /** The scope that would suffice, with `insufficient_scope`. */
  scope?: string;
  /** Default `bff`. */
  realm?: string;
}

/** The value of `WWW-Authenticate` that goes with a 401, or with a 403 for scope. */
export function bearerChallenge({ error, scope, realm = 'bff' }: BearerChallenge = {}): string {
  const parts = [`realm="${realm}"`];
  if (error !== undefined) parts.push(`error="${error}"`);
  if (scope !== undefined) parts.push(`scope="${scope}"`);
  return `Bearer ${parts.join(', ')}`;
}
