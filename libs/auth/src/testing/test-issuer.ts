import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { systemClock, type Clock } from '@bff/core';
import { SignJWT, type JSONWebKeySet } from 'jose';
import type { KeySource } from '../key-source.ts';
import { createStaticKeys } from '../static-keys.ts';

export interface TestIssuerOptions {
  /** Default `http://issuer.test`. */
  issuer?: string;
  /** Audience of its tokens unless told otherwise. Default `urn:bff:test`. */
  audience?: string;
  clock?: Clock;
  kid?: string;
}

export interface TestTokenOptions {
  /** Default `alice`. */
  sub?: string;
  audience?: string;
  issuer?: string;
  client?: string;
  scope?: string;
  roles?: string[];
  /** Seconds from now; negative for a token that has expired. Default 900. */
  expiresIn?: number;
  /** Header `typ`. Default `at+jwt`. */
  typ?: string;
  /** Merged into the header last; `undefined` removes a member. */
  header?: Record<string, unknown>;
  /** Merged into the claims last; `undefined` removes a claim. */
  claims?: Record<string, unknown>;
  /** Signs with this key instead of the issuer's own: a forgery. */
  key?: KeyObject;
}

export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JSONWebKeySet;
  /** For `createTokenVerifier`, without a network. */
  readonly keys: KeySource;
  /** A signed access token, right unless an option makes it wrong. */
  token(options?: TestTokenOptions): Promise<string>;
  /** Serves the key set on a free port of the loopback interface, for an app that fetches it. */
  serveKeys(): Promise<{ url: string; close(): Promise<void> }>;
}

/** An issuer inside the test process: valid and wrong tokens within a millisecond. */
export function createTestIssuer(options: TestIssuerOptions = {}): TestIssuer {
  const {
    issuer = 'http://issuer.test',
    audience = 'urn:bff:test',
    clock = systemClock,
    kid = 'test-1',
  } = options;
  const pair = createTestKeyPair();
  const jwks: JSONWebKeySet = {
    keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kty: 'EC', kid, alg: 'ES256', use: 'sig' }],
  };
  return {
    issuer,
    audience,
    jwks,
    keys: createStaticKeys(jwks),
    token: (token = {}) =>
      signTestToken(
        { alg: 'ES256', kid, typ: token.typ ?? 'at+jwt', ...token.header },
        { ...claimsOf({ issuer, audience, ...token }, clock), ...token.claims },
        token.key ?? pair.privateKey,
      ),
    serveKeys: () => serveJson(JSON.stringify(jwks)),
  };
}

/** A key pair of no known issuer, for forgeries. */
export function createTestKeyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Signs whatever header and claims, members that are `undefined` left out. */
function signTestToken(
  header: Record<string, unknown> & { alg: string },
  claims: Record<string, unknown>,
  key: KeyObject,
): Promise<string> {
  // Whatever is critical in a test's header is meant to be: jose refuses to sign what it would refuse to read.
  const critical = Array.isArray(header['crit']) ? (header['crit'] as string[]) : [];
  const crit = Object.fromEntries(critical.map((name) => [name, true]));
  return new SignJWT(withoutUndefined(claims))
    .setProtectedHeader(withoutUndefined(header))
    .sign(key, { crit });
}

function claimsOf(token: TestTokenOptions, clock: Clock): Record<string, unknown> {
  const now = Math.floor(clock.date().getTime() / 1_000);
  return {
    iss: token.issuer,
    sub: token.sub ?? 'alice',
    aud: token.audience,
    iat: now,
    exp: now + (token.expiresIn ?? 900),
    client_id: token.client ?? 'test',
    scope: token.scope ?? 'openid orders:read orders:write',
    roles: token.roles ?? [],
  };
}

function withoutUndefined<T extends object>(members: T): T {
  return JSON.parse(JSON.stringify(members)) as T;
}

async function serveJson(body: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/jwks`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
