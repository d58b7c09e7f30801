import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import type { Outcome } from '../clients/attempt.ts';
import { startLoad, type Sample } from './open-loop.ts';

const answered: Outcome = { ok: true, final: true, attempts: 1 };

describe('the load', () => {
  it('goes on at its rate while nobody answers, and counts from when a request was due', async () => {
    const clock = createManualClock();
    const samples: Sample[] = [];
    const waiting: ((outcome: Outcome) => void)[] = [];
    const source = {
      ...{ operation: 'web read', ratePerSecond: 10 },
      send: () => ({ outcome: new Promise<Outcome>((resolve) => waiting.push(resolve)) }),
    };
    const load = startLoad([source], clock, (sample) => samples.push(sample));
    for (let at = 0; at < 1_000; at += 2) await clock.advance(2);
    expect(waiting).toHaveLength(10);
    waiting.splice(0, 1)[0]?.(answered);
    await clock.advance(0);
    expect(samples).toEqual([{ operation: 'web read', startedAt: 100, latencyMs: 900, outcome: answered }]);
    const stopped = load.stop();
    for (const resolve of waiting) resolve(answered);
    await stopped;
    expect(samples.at(-1)).toMatchObject({ startedAt: 1_000, latencyMs: 0 });
    await clock.advance(500);
    expect(waiting).toHaveLength(9);
  });
});
