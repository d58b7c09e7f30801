import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { createStaticKeys } from './static-keys.ts';
import { createTestIssuer } from './testing/index.ts';
import { createTokenVerifier } from './token-verifier.ts';

/** Median microseconds of one run. */
async function medianMicroseconds(runs: number, work: (run: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work(run);
    times.push((performance.now() - start) * 1_000);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const rsaKeys = createStaticKeys({
  keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'rsa-1' }],
});

describe('what verification costs (S2)', () => {
  it.each(['ES256', 'RS256'] as const)(
    '%s: is told, and is far less for a token seen before',
    async (alg) => {
      const issuer = createTestIssuer();
      const { audience } = issuer;
      const keys = alg === 'RS256' ? rsaKeys : issuer.keys;
      const signed = alg === 'RS256' ? { key: rsa.privateKey, header: { alg, kid: 'rsa-1' } } : {};
      const verifier = createTokenVerifier({ issuer: issuer.issuer, audience, keys, clock: systemClock });
      const tokens = await Promise.all(
        Array.from({ length: 500 }, (_, index) => issuer.token({ sub: `user-${index}`, ...signed })),
      );
      const cold = await medianMicroseconds(500, (run) => verifier.verify(tokens[run] ?? ''));
      const cached = await medianMicroseconds(5_000, (run) => verifier.verify(tokens[run % 500] ?? ''));
      process.stdout.write(
        `S2, verification of ${alg}, median: cold ${cold.toFixed(0)} µs, cached ${cached.toFixed(1)} µs\n`,
      );
      // Both medians of the same process: a ratio holds on a busy machine, absolute times do not.
      expect(cached).toBeLessThan(cold / 2);
    },
  );
});
