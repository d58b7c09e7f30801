import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
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

describe('what verification costs', () => {
  it('is told, and is far less for a token seen before', async () => {
    const issuer = createTestIssuer();
    const { audience, keys } = issuer;
    const verifier = createTokenVerifier({ issuer: issuer.issuer, audience, keys, clock: systemClock });
    const tokens = await Promise.all(
      Array.from({ length: 500 }, (_, index) => issuer.token({ sub: `user-${index}` })),
    );
    const cold = await medianMicroseconds(500, (run) => verifier.verify(tokens[run] ?? ''));
    const cached = await medianMicroseconds(5_000, (run) => verifier.verify(tokens[run % 500] ?? ''));
    process.stdout.write(
      `verification ES256, median: cold ${cold.toFixed(0)} µs, cached ${cached.toFixed(1)} µs\n`,
    );
    // Both medians of the same process: a ratio holds on a busy machine, absolute times do not.
    expect(cached).toBeLessThan(cold / 2);
  });
});
