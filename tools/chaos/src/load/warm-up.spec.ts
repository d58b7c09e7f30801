import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import type { Outcome } from '../clients/attempt.ts';
import { warmUp } from './warm-up.ts';

const answered: Outcome = { ok: true, final: true, attempts: 1 };

/** Warms up something that answers after `latencyMs(at)`; the shares of the rate that it met, and when it was warm. */
async function warm(latencyMs: (at: number) => number) {
  const clock = createManualClock();
  const shares: number[] = [];
  let warmAt: number | undefined;
  const sourcesAt = (share: number) => {
    shares.push(share);
    const outcome = () =>
      new Promise<Outcome>((resolve) => clock.after(latencyMs(clock.now()), () => resolve(answered)));
    return [{ operation: 'web read', ratePerSecond: 50 * share, send: () => ({ outcome: outcome() }) }];
  };
  void warmUp(sourcesAt, clock).then(() => (warmAt = clock.now()));
  while (warmAt === undefined) await clock.advance(2);
  return { shares, warmAt };
}

describe('warming up', () => {
  it('grows to the full rate, and ends when that is answered quickly', async () => {
    const { shares } = await warm(() => 20);
    expect(shares).toEqual([0.1, 0.25, 0.5, 1, 1, 1]);
  });

  it('goes on at the full rate for as long as answers are slow', async () => {
    const { shares, warmAt } = await warm((at) => (at < 15_000 ? 400 : 20));
    expect(shares.filter((share) => share === 1).length).toBeGreaterThan(3);
    expect(warmAt).toBeLessThan(22_000);
  });

  it('ends on a machine that is never quick', async () => {
    const { shares } = await warm(() => 500);
    expect(shares).toHaveLength(16);
  });
});
