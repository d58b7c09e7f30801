import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { callWithFaults } from './faults/call-with-faults.ts';

describe('a hundred thousand calls with faults', () => {
  it('leave no lease, no timer and no listener behind', async () => {
    const { pending, timers, context, outcomes, attempts } = await callWithFaults(100_000, Math.random);
    expect([pending, timers, getEventListeners(context.signal, 'abort')]).toEqual([0, 0, []]);
    // Every fault was met, and they were not all there was. Some calls end before their first attempt.
    expect(Object.keys(outcomes).sort()).toEqual([
      'cancelled',
      'deadline_exceeded',
      'not_found',
      'ok',
      'unavailable',
    ]);
    expect(attempts).toBeGreaterThan(80_000);
  }, 60_000);
});
