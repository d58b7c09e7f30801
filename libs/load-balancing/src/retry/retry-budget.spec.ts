import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { createRetryBudget } from './retry-budget.ts';

describe('createRetryBudget', () => {
  it('allows a fifth of the calls of the last ten seconds', () => {
    const clock = new VirtualClock();
    const budget = createRetryBudget({ clock });
    for (let i = 0; i < 1_000; i++) budget.recordCall();
    expect(budget.remaining()).toBe(200);
    let taken = 0;
    while (budget.tryTake()) taken++;
    expect(taken).toBe(200);
    clock.runUntil(10_000);
    expect(budget.remaining()).toBe(20);
  });

  it('allows two per second where there are hardly any calls', () => {
    const clock = new VirtualClock();
    const budget = createRetryBudget({ clock });
    const taken = Array.from({ length: 50 }, () => budget.tryTake()).filter(Boolean);
    expect(taken).toHaveLength(20);
  });

  it('is never negative, and never gives more than it has, under any history', () => {
    const step = fc.record({ calls: fc.nat(60), takes: fc.nat(60), gapMs: fc.nat(4_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const clock = new VirtualClock();
        const budget = createRetryBudget({ clock });
        for (const { calls, takes, gapMs } of steps) {
          for (let i = 0; i < calls; i++) budget.recordCall();
          const before = budget.remaining();
          let taken = 0;
          for (let i = 0; i < takes; i++) if (budget.tryTake()) taken++;
          expect(taken).toBe(Math.min(takes, before));
          expect(budget.remaining()).toBeGreaterThanOrEqual(0);
          clock.runUntil(clock.now() + gapMs);
          expect(budget.remaining()).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
