import { describe, expect, it } from '@jest/globals';
import type { FailureKind } from '../outcome.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { decideRetry } from './decide-retry.ts';
import { createRetryBudget } from './retry-budget.ts';

interface TierAnswer {
  readonly failure: FailureKind;
  readonly settledBelow: boolean;
}

type Send = (request: { retriedInFront: boolean }) => TierAnswer;

/** A tier that retries what the one below fails, as the gateway and each BFF do. */
function createTier(below: Send, clock: VirtualClock, marking: boolean): Send {
  const budget = createRetryBudget({ clock });
  return ({ retriedInFront }) => {
    if (!retriedInFront) budget.recordCall();
    for (let attempts = 1; ; attempts++) {
      const answer = below({ retriedInFront: marking && (retriedInFront || attempts > 1) });
      const decision = decideRetry({
        ...answer,
        safety: 'idempotent',
        hasIdempotencyKey: false,
        attempts,
        retriedInFront,
        remainingMs: 1_000,
      });
      if (!decision.retry || !budget.tryTake()) return { failure: 'server_error', settledBelow: marking };
    }
  };
}

/** Attempts at the service per call at the gateway, while every instance of the service is dead. */
function attemptsPerCall(ratePerSecond: number, marking: boolean): number {
  const clock = new VirtualClock();
  let attempts = 0;
  const service: Send = () => {
    attempts++;
    return { failure: 'refused', settledBelow: false };
  };
  const bff = createTier(service, clock, marking);
  const gateway = createTier(bff, clock, marking);
  const calls = ratePerSecond * 60;
  for (let i = 0; i < calls; i++) {
    clock.runUntil((i * 1_000) / ratePerSecond);
    gateway({ retriedInFront: false });
  }
  return attempts / calls;
}

describe('a total outage across two tiers (L8)', () => {
  it.each([10, 200, 2_000])('costs at most 1.2 attempts per call at %d calls/s', (rate) => {
    const perCall = attemptsPerCall(rate, true);
    process.stdout.write(`L8 two tiers, ${rate} calls/s: ${perCall.toFixed(4)} attempts per call\n`);
    expect(perCall).toBeLessThanOrEqual(1.2);
    expect(perCall).toBeGreaterThan(1.1);
  });

  it('costs 1.2 per tier without the marks, as a control', () => {
    expect(attemptsPerCall(200, false)).toBeGreaterThan(1.4);
  });
});
