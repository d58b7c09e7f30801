import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock } from '@bff/core';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { createInsuredCounter } from './insured-counter.ts';

const clock: Clock = {
  now: () => Date.now(),
  date: () => new Date(),
  after: () => () => undefined,
};

/** A shared counter that can go away and forget. */
function sharedCounter(points: number, windowMs: number) {
  let memory = new RateLimiterMemory({ points, duration: windowMs / 1_000 });
  const shared = {
    away: false,
    asked: 0,
    forget() {
      memory = new RateLimiterMemory({ points, duration: windowMs / 1_000 });
    },
    consume(key: string | number, amount?: number) {
      shared.asked++;
      return shared.away ? Promise.reject(new Error('away')) : memory.consume(key, amount);
    },
  };
  return shared;
}

describe('createInsuredCounter', () => {
  // The library keeps its own time.
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const setUp = () => {
    const options = { clock, points: 12, windowMs: 60_000, instances: 3 };
    const shared = sharedCounter(options.points, options.windowMs);
    const counters = [1, 2, 3].map(() => createInsuredCounter({ ...options, shared }));
    const admitted = async (requests: number, key = 'a') => {
      let count = 0;
      for (let request = 0; request < requests; request++) {
        count += await counters[request % 3]!.consume(key, 1).then(
          () => 1,
          (rejected: unknown) => {
            expect(rejected).toBeInstanceOf(RateLimiterRes);
            return 0;
          },
        );
      }
      return count;
    };
    return { shared, admitted, counters };
  };

  it('lets each instance go on with its part of what was left when the shared counter went away', async () => {
    const { shared, admitted } = setUp();
    expect(await admitted(6)).toBe(6);
    shared.away = true;
    expect(await admitted(60)).toBe(6);
  });

  it('gives a key that was never seen its part of the limit', async () => {
    const { shared, admitted } = setUp();
    shared.away = true;
    expect(await admitted(60)).toBe(12);
  });

  it('counts a key in memory until its window ends, and the others together as soon as the pause is over', async () => {
    const { shared, admitted, counters } = setUp();
    shared.away = true;
    expect(await admitted(60)).toBe(12);
    shared.away = false;
    jest.advanceTimersByTime(2_000);
    expect(await admitted(60)).toBe(0);
    expect((await counters[0]!.consume('b', 1)).remainingPoints).toBe(11);
    jest.advanceTimersByTime(58_000);
    expect(await admitted(60)).toBe(12);
    expect(shared.asked).toBeGreaterThan(60);
  });

  it('does not believe a shared counter that has forgotten', async () => {
    const { shared, admitted } = setUp();
    expect(await admitted(12)).toBe(12);
    shared.forget();
    expect(await admitted(60)).toBeLessThanOrEqual(1);
  });

  it('asks again only after a pause', async () => {
    const { shared, counters } = setUp();
    shared.away = true;
    for (let key = 0; key < 100; key++) await counters[0]!.consume(`key-${key}`, 1);
    expect(shared.asked).toBe(1);
    jest.advanceTimersByTime(1_000);
    await counters[0]!.consume('another', 1);
    expect(shared.asked).toBe(2);
  });

  it('forgets every key when the windows have ended', async () => {
    const { shared, counters } = setUp();
    for (let key = 0; key < 100; key++) {
      shared.away = key % 2 === 0;
      await counters[0]!.consume(`key-${key}`, 1);
      jest.advanceTimersByTime(100);
    }
    jest.advanceTimersByTime(60_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});
