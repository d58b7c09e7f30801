import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires timers in order of time, equal ones in order of setting, and no cancelled ones', () => {
    const timers = fc.array(fc.record({ delayMs: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 100 });
    fc.assert(
      fc.property(timers, (all) => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        all.forEach(({ delayMs, cancelled }, i) => {
          const cancel = clock.after(delayMs, () => {
            expect(clock.now()).toBe(delayMs);
            fired.push(i);
          });
          if (cancelled) cancel();
        });
        expect(clock.pendingTimers()).toBe(all.filter(({ cancelled }) => !cancelled).length);
        clock.runUntil(50);
        const expected = all
          .map((timer, i) => ({ ...timer, i }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.delayMs - b.delayMs || a.i - b.i);
        expect(fired).toEqual(expected.map(({ i }) => i));
        expect(clock.pendingTimers()).toBe(0);
      }),
    );
  });
});
