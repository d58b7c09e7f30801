import { describe, expect, it } from '@jest/globals';
import { PeakEwma } from './peak-ewma.ts';

describe('PeakEwma', () => {
  it('takes a slower sample at once', () => {
    const ewma = new PeakEwma(10_000);
    ewma.observe(50, 0);
    ewma.observe(900, 1);
    expect(ewma.estimateAt(1)).toBe(900);
  });

  it('lets a faster sample decay in with exp(-dt/tau)', () => {
    const ewma = new PeakEwma(10_000);
    ewma.observe(1_000, 0);
    ewma.observe(100, 5_000);
    const kept = Math.exp(-0.5);
    expect(ewma.estimateAt(5_000)).toBeCloseTo(1_000 * kept + 100 * (1 - kept), 6);
  });

  it('decays without samples, so that an avoided instance is tried again', () => {
    const ewma = new PeakEwma(10_000);
    ewma.observe(5_000, 0);
    expect(ewma.estimateAt(46_000)).toBeLessThan(51);
  });

  it('does not let a lower bound improve the estimate', () => {
    const ewma = new PeakEwma(10_000);
    ewma.observe(500, 0);
    ewma.observeAtLeast(1, 100);
    expect(ewma.lastMs).toBe(500);
    ewma.observeAtLeast(800, 200);
    expect(ewma.lastMs).toBe(800);
  });
});
