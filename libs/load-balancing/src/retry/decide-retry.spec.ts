import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRetry, type FailedAttempt } from './decide-retry.ts';
import { retryDelayMs } from './retry-delay.ts';

const attempt: FailedAttempt = {
  failure: 'server_error',
  safety: 'idempotent',
  hasIdempotencyKey: false,
  attempts: 1,
  retriedInFront: false,
  settledBelow: false,
  remainingMs: 1_000,
};

describe('decideRetry', () => {
  it('counts no attempt that was refused, up to a dozen, and none where retries are off', () => {
    const refused = { ...attempt, failure: 'refused', attempts: 12, refused: 12 } as const;
    expect(decideRetry(refused).retry).toBe(true);
    expect(decideRetry({ ...refused, attempts: 13, refused: 13 }).retry).toBe(false);
    expect(decideRetry({ ...refused, attempts: 15 }).retry).toBe(false);
    expect(decideRetry({ ...refused, attempts: 1, refused: 1 }, { maxRetries: 0 }).retry).toBe(false);
  });

  it.each<[string, Partial<FailedAttempt>]>([
    ['an idempotent operation', {}],
    ['an unsafe one with an idempotency key', { safety: 'unsafe', hasIdempotencyKey: true }],
    ['an unsafe one that was refused', { safety: 'unsafe', failure: 'refused' }],
    [
      'an unsafe one that the transport knows to be untouched',
      { safety: 'unsafe', failure: 'reset', processed: 'no' },
    ],
  ])('repeats %s', (_, more) => {
    expect(decideRetry({ ...attempt, ...more }).retry).toBe(true);
  });

  it.each<[string, Partial<FailedAttempt>]>([
    ['unsafe', { safety: 'unsafe' }],
    ['unsafe', { safety: 'unsafe', failure: 'reset' }],
    ['unsafe', { safety: 'unsafe', failure: 'refused', processed: 'perhaps' }],
    ['body_consumed', { bodyConsumed: true }],
    ['attempts_used', { attempts: 3 }],
    ['retried_in_front', { retriedInFront: true }],
    ['settled_below', { settledBelow: true }],
    ['deadline', { remainingMs: 0 }],
    ['retry_after', { failure: 'overloaded', retryAfterMs: 5_000 }],
  ])('does not: %s, %j', (because, more) => {
    expect(decideRetry({ ...attempt, ...more })).toEqual({ retry: false, because });
  });

  it('never repeats an unsafe call without a key that may have been processed, whatever else is true', () => {
    const any = fc.record({
      failure: fc.constantFrom('reset', 'timeout', 'server_error', 'overloaded'),
      attempts: fc.integer({ min: 1, max: 3 }),
      retriedInFront: fc.boolean(),
      settledBelow: fc.boolean(),
      remainingMs: fc.nat(10_000),
    });
    fc.assert(
      fc.property(any, (more) => {
        const decision = decideRetry({ ...attempt, ...more, safety: 'unsafe', hasIdempotencyKey: false });
        expect(decision).toEqual({ retry: false, because: 'unsafe' });
      }),
    );
  });

  it('waits only where waiting helps: not for an instance that is dead', () => {
    const backoffAfter = (failure: FailedAttempt['failure']) => decideRetry({ ...attempt, failure });
    expect(backoffAfter('refused')).toEqual({ retry: true, backoff: 'none' });
    expect(backoffAfter('reset')).toEqual({ retry: true, backoff: 'none' });
    expect(backoffAfter('overloaded')).toEqual({ retry: true, backoff: 'jittered' });
  });
});

describe('retryDelayMs', () => {
  it('is anything up to a bound that doubles until the maximum', () => {
    expect([1, 2, 3, 9].map((retry) => retryDelayMs(retry, () => 1))).toEqual([25, 50, 100, 250]);
    expect(retryDelayMs(3, () => 0)).toBe(0);
  });
});
