import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { createProgress } from './progress.ts';

describe('createProgress', () => {
  it('is silent for a second, then speaks once a second, and not of the end', async () => {
    const clock = createManualClock();
    const said: string[] = [];
    const onRun = createProgress(clock, 10, (line) => said.push(line));
    for (let run = 1; run <= 10; run++) {
      await clock.advance(400);
      onRun();
    }
    expect(said).toEqual([
      '3 of 10 runs, about 3 s left',
      '6 of 10 runs, about 2 s left',
      '9 of 10 runs, about 1 s left',
    ]);
  });
});
