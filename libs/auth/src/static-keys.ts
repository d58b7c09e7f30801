import { createLocalJWKSet, type CryptoKey, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import type { KeyHint, KeySource } from './key-source.ts';

export interface StaticKeys extends KeySource {
  /** From now on these keys and no others. Throws when `jwks` is malformed; nothing has changed then. */
  replace(jwks: JSONWebKeySet): void;
}

/** Keys that are given, not fetched: the public internal keys, a test's keys. Throws when `jwks` is malformed. */
export function createStaticKeys(jwks: JSONWebKeySet): StaticKeys {
  let keys = createLocalJWKSet(jwks);
  return {
    find: (hint) => findLocalKey(keys, hint),
    replace(next) {
      keys = createLocalJWKSet(next);
    },
  };
}

/** The one key of the set that `hint` names; rejects with a jose error when none or more than one does. */
export function findLocalKey(keys: LocalJWKSet, { alg, kid }: KeyHint): Promise<CryptoKey> {
  return keys({ ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }) });
}
