import { systemClock, type Clock, type Principal } from '@bff/core';
import type { JSONWebKeySet } from 'jose';
import { parsePrivateJwk, type PrivateJwk } from '../internal-keys.ts';
import { createInternalTokenMinter } from '../internal-token-minter.ts';
import { createStaticKeys, type StaticKeys } from '../static-keys.ts';
import { createTestKeyPair } from './test-issuer.ts';

export interface TestInternalKeys {
  readonly privateJwk: PrivateJwk;
  readonly jwks: JSONWebKeySet;
  /** For `createInternalTokenVerifier`. */
  readonly keys: StaticKeys;
  /** A valid internal token for the service `audience`; user alice unless told otherwise. */
  token(audience: string, principal?: Partial<Principal>): Promise<string>;
}

/** Internal keys of one test: the caller's private one, the services' public set, and tokens made with them. */
export function createTestInternalKeys({ clock = systemClock }: { clock?: Clock } = {}): TestInternalKeys {
  const { privateKey } = createTestKeyPair();
  const privateJwk = parsePrivateJwk(
    JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'internal-1' }),
  );
  const { d: _secret, ...publicJwk } = privateJwk;
  const jwks: JSONWebKeySet = { keys: [publicJwk] };
  const minter = createInternalTokenMinter({ signingKey: privateJwk, caller: 'test-bff', clock });
  return {
    privateJwk,
    jwks,
    keys: createStaticKeys(jwks),
    token: (audience, principal) =>
      minter.mint({ subject: 'alice', client: 'test', scopes: [], roles: [], ...principal }, audience),
  };
}
