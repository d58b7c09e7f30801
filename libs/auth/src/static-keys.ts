import { createLocalJWKSet, type CryptoKey, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import type { KeyHint, KeySource } from './key-source.ts';

/** Keys that are known at start: the public internal keys, a test's keys. Throws when `jwks` is malformed. */
export function createStaticKeys(jwks: JSONWebKeySet): KeySource {
  const keys = createLocalJWKSet(jwks);
  return { find: (hint) => findLocalKey(keys, hint) };
}

/** The one key of the set that `hint` names; rejects with a jose error when none or more than one does. */
export function findLocalKey(keys: LocalJWKSet, { alg, kid }: KeyHint): Promise<CryptoKey> {
  return keys({ ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }) });
}
