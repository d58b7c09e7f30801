import { generateKeyPairSync, randomUUID, type JsonWebKey } from 'node:crypto';

export interface SigningKey {
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

/**
 * A new ES256 key pair. With Node alone: no process of the stack can start before its key is there, and loading
 * `@bff/auth` for it would keep them all waiting.
 */
export function createSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const named = { kid: randomUUID(), alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...named },
  };
}
