import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRateLimiter, RateLimitExceeded } from './rate-limiter.ts';

/** The outcome of a request as `remaining` or the refusal. */
async function refusalOf(consumed: Promise<unknown>): Promise<RateLimitExceeded> {
  const outcome: unknown = await consumed.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(RateLimitExceeded);
  return outcome as RateLimitExceeded;
}

describe('createRateLimiter', () => {
  // The library keeps its own time.
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('counts each key down on its own', async () => {
    const limiter = createRateLimiter({ name: 'user', points: 3, durationMs: 60_000 });
    const remaining = [];
    for (const key of ['a', 'a', 'b', 'a']) remaining.push((await limiter.consume(key)).remaining);
    expect(remaining).toEqual([2, 1, 2, 0]);
  });

  it('refuses with resource_exhausted, the state and the time to wait when the limit is used up', async () => {
    const limiter = createRateLimiter({ name: 'user', points: 1, durationMs: 60_000 });
    await limiter.consume('a');
    jest.advanceTimersByTime(20_000);
    const refusal = await refusalOf(limiter.consume('a'));
    expect(refusal).toMatchObject({
      code: 'resource_exhausted',
      retryAfterMs: 40_000,
      state: { limit: 1, remaining: 0, resetMs: 40_000 },
    });
  });

  it('gives the whole limit again when the window has ended', async () => {
    const limiter = createRateLimiter({ name: 'user', points: 1, durationMs: 500 });
    await limiter.consume('a');
    jest.advanceTimersByTime(499);
    expect((await refusalOf(limiter.consume('a'))).retryAfterMs).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await limiter.consume('a')).toMatchObject({ remaining: 0, resetMs: 500 });
  });

  it('forgets a key when its window has ended', async () => {
    const limiter = createRateLimiter({ name: 'user', points: 5, durationMs: 1_000 });
    for (let i = 0; i < 100; i++) await limiter.consume(`key-${i}`);
    expect(jest.getTimerCount()).toBe(100);
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('counts a heavy request as several', async () => {
    const limiter = createRateLimiter({ name: 'user', points: 10, durationMs: 1_000 });
    expect((await limiter.consume('a', 7)).remaining).toBe(3);
    await refusalOf(limiter.consume('a', 7));
  });

  it.each([
    [100, 4, 25],
    [10, 3, 3],
    [2, 5, 1],
  ])('divides %d points among %d instances: %d each', (points, instances, limit) => {
    const limiter = createRateLimiter({ name: 'user', points, instances, durationMs: 1_000 });
    expect(limiter.policy).toEqual({ name: 'user', limit, windowMs: 1_000 });
  });

  it.each([
    [{ points: 0 }, 'points must be'],
    [{ points: 1.5 }, 'points must be'],
    [{ durationMs: 0 }, 'durationMs must be'],
    [{ instances: 0 }, 'instances must be'],
    [{ name: 'a"b' }, 'not a name'],
  ])('refuses %j', (wrong, message) => {
    expect(() => createRateLimiter({ name: 'user', points: 1, durationMs: 1, ...wrong })).toThrow(message);
  });
});
