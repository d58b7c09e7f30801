import { generateKeyPairSync } from 'node:crypto';

/** A new ES256 key for one run of the process. Tokens of an earlier run are then refused, as they should be. */
export function generateSigningKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
}
