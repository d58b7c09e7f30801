import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutcomeWindow } from './outcome-window.ts';

describe('OutcomeWindow', () => {
  it('drops a second exactly when it is ten seconds past', () => {
    const window = new OutcomeWindow();
    window.record(true, 1_999);
    window.record(false, 2_000);
    expect(window.totalAt(10_999)).toBe(2);
    expect(window.totalAt(11_000)).toBe(1);
    expect(window.failedAt(11_000)).toBe(0);
    expect(window.totalAt(12_000)).toBe(0);
  });

  it('counts what a list of all results would, whatever comes when', () => {
    const history = fc.array(fc.record({ gapMs: fc.nat(15_000), failed: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(history, (results) => {
        const window = new OutcomeWindow();
        const all: { second: number; failed: boolean }[] = [];
        let now = 0;
        for (const { gapMs, failed } of results) {
          now += gapMs;
          window.record(failed, now);
          all.push({ second: Math.floor(now / 1_000), failed });
          const recent = all.filter(({ second }) => second > Math.floor(now / 1_000) - 10);
          expect(window.totalAt(now)).toBe(recent.length);
          expect(window.failedAt(now)).toBe(recent.filter((result) => result.failed).length);
        }
      }),
    );
  });
});
