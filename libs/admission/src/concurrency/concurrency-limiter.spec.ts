import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import fc from 'fast-check';
import {
  createConcurrencyLimiter,
  priorities,
  type Permit,
  type PermitOutcome,
} from './concurrency-limiter.ts';

const open = (tuning = {}) => {
  const clock = createManualClock();
  return { clock, limiter: createConcurrencyLimiter({ clock, ...tuning }) };
};

describe('createConcurrencyLimiter', () => {
  it('refuses at once with unavailable and a time to wait that is not the same for all', () => {
    const { clock, limiter } = open({ minLimit: 2, startLimit: 2, retryAfterMs: 1_000 });
    limiter.acquire('critical');
    limiter.acquire('critical');
    const refusals = Array.from({ length: 20 }, () => refusalOf(() => limiter.acquire('critical')));
    expect(refusals.map(({ code }) => code)).toEqual(Array(20).fill('unavailable'));
    const waits = refusals.map(({ retryAfterMs }) => retryAfterMs ?? 0);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
    expect(new Set(waits).size).toBe(20);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('keeps a place for each more important priority, however quiet it was', () => {
    const { limiter } = open({ startLimit: 20 });
    expect(fill(() => limiter.acquire('background'))).toBe(16);
    expect(fill(() => limiter.acquire('normal'))).toBe(2);
    expect(fill(() => limiter.acquire('critical'))).toBe(2);
    expect(limiter.state()).toMatchObject({
      limit: 20,
      inFlight: 20,
      priorities: { background: { inFlight: 16, admitted: 16, refused: 1 }, critical: { inFlight: 2 } },
    });
  });

  it('keeps the places that critical calls held lately, and gives them back when they stay away', async () => {
    const { clock, limiter } = open({ startLimit: 20 });
    const permits = Array.from({ length: 5 }, () => limiter.acquire('critical'));
    await clock.advance(10_000);
    for (const permit of permits) permit.done('success');
    expect(room()).toBeLessThan(10);
    await clock.advance(60_000);
    expect(room()).toBe(18);

    function room() {
      const taken: Permit[] = [];
      fill(() => taken.push(limiter.acquire('normal')));
      for (const permit of taken) permit.done('ignored');
      return taken.length;
    }
  });

  it('lowers the limit when calls are given up for taking too long, and not for other failures', async () => {
    const limitAfter = async (outcome: PermitOutcome) => {
      const { clock, limiter } = open({ startLimit: 40 });
      for (let round = 0; round < 100; round++) {
        const permits = Array.from({ length: 10 }, () => limiter.acquire('normal'));
        await clock.advance(20);
        for (const permit of permits) permit.done(outcome);
      }
      return limiter.state().limit;
    };
    expect(await limitAfter('dropped')).toBeLessThan(35);
    expect(await limitAfter('ignored')).toBe(40);
  });

  it.each([
    [{ minLimit: 0 }, 'minLimit must be'],
    [{ minLimit: 30 }, 'must not fall'],
    [{ tolerance: 0.9 }, 'tolerance'],
    [{ queue: 0 }, 'queue'],
    [{ smoothing: 2 }, 'smoothing'],
    [{ windowMs: 0 }, 'windowMs'],
    [{ maxReserve: 1 }, 'maxReserve'],
    [{ minReserve: 0.9 }, 'maxReserve'],
  ])('refuses %j', (tuning, message) => {
    expect(() => open(tuning)).toThrow(message);
  });

  it('never admits at or above the limit, and gives each place back once, whatever happens in whatever order', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ acquire: fc.constantFrom(...priorities) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          done: fc.nat(),
          outcome: fc.constantFrom<PermitOutcome>('success', 'dropped', 'ignored'),
          times: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ passMs: fc.integer({ min: 0, max: 500 }) }) },
    );
    const tuning = fc.record({
      minLimit: fc.integer({ min: 1, max: 4 }),
      startLimit: fc.integer({ min: 4, max: 12 }),
    });
    fc.assert(
      fc.property(tuning, fc.array(step, { maxLength: 400 }), (given, steps) => {
        let now = 0;
        const clock = { ...createManualClock(), now: () => now };
        const limiter = createConcurrencyLimiter({
          clock,
          ...given,
          maxLimit: 16,
          windowCalls: 2,
          windowMs: 10,
        });
        const held: Permit[] = [];
        for (const action of steps) {
          const before = limiter.state();
          if ('passMs' in action) now += action.passMs;
          else if ('acquire' in action) {
            const admitted = fill(() => held.push(limiter.acquire(action.acquire)), 1) === 1;
            if (admitted) expect(before.inFlight).toBeLessThan(before.limit);
            // A critical call is refused for want of places and for nothing else.
            else if (action.acquire === 'critical')
              expect(before.inFlight).toBeGreaterThanOrEqual(before.limit);
          } else if (held.length > 0) {
            const [permit] = held.splice(action.done % held.length, 1);
            for (let time = 0; time < action.times; time++) permit?.done(action.outcome);
          }
          const after = limiter.state();
          expect(after.inFlight).toBe(held.length);
          expect(priorities.reduce((sum, name) => sum + after.priorities[name].inFlight, 0)).toBe(
            held.length,
          );
          expect(after.limit).toBeGreaterThanOrEqual(given.minLimit);
          expect(after.limit).toBeLessThanOrEqual(16);
        }
        for (const permit of held) permit.done('success');
        expect(limiter.state().inFlight).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('decides fast: 99 of 100 refusals well under the 10 ms that are promised', () => {
    const { limiter } = open({ minLimit: 1, startLimit: 1 });
    limiter.acquire('critical');
    const durations = Array.from({ length: 10_000 }, () => {
      const startedAt = performance.now();
      refusalOf(() => limiter.acquire('normal'));
      return performance.now() - startedAt;
    }).sort((a, b) => a - b);
    const p99 = durations[9_900] ?? Infinity;
    process.stdout.write(
      `A refusal takes ${(durations[5_000] ?? 0).toFixed(4)} ms, p99 ${p99.toFixed(4)} ms.\n`,
    );
    expect(p99).toBeLessThan(10);
  });
});

/** How often `acquire` succeeds before it is refused, at most `limit` times. */
function fill(acquire: () => unknown, limit = 1_000): number {
  for (let count = 0; count < limit; count++) {
    try {
      acquire();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
      return count;
    }
  }
  return limit;
}

function refusalOf(acquire: () => unknown): AppError {
  try {
    acquire();
  } catch (thrown) {
    return AppError.from(thrown);
  }
  throw new Error('The call was admitted.');
}
