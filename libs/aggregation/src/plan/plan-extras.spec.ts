import { describe, expect, it } from '@jest/globals';
import { AppError, type Context } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createAnswerCache } from '../cache/answer-cache.ts';
import { createPlan } from './plan.ts';
import type { Span } from './span.ts';

const down = () => Promise.reject(new AppError('unavailable', 'gone'));

describe('a source with a fallback', () => {
  it('goes on with it, and its outcome says all the same that it failed', async () => {
    const clock = createManualClock();
    const { context } = openTestContext({ clock });
    const { values, sources } = await createPlan<{ id: string }>({ clock })
      .optional('offers', {
        load: async (): Promise<string[]> => down(),
        fallback: (error, { request }) => [`${error.code} for ${request.id}`],
      })
      .required('limits', { load: async (): Promise<number> => down(), fallback: () => 10 })
      .optional('advice', { load: async (): Promise<string> => down(), fallback: () => undefined })
      .run({ id: 'r1' }, context);
    expect(values).toEqual({
      offers: { ok: true, value: ['upstream_failed for r1'], stale: true },
      limits: 10,
      advice: { ok: false, code: 'upstream_failed' },
    });
    expect(sources.map(({ status }) => status)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  });

  it('is not asked when the client has left', async () => {
    const clock = createManualClock();
    const scope = openTestContext({ clock });
    let asked = false;
    const run = createPlan<object>({ clock })
      .required('order', {
        load: () => new Promise<number>(() => undefined),
        fallback: () => ((asked = true), 1),
      })
      .run({}, scope.context);
    const gone = new AppError('cancelled', 'The client left.');
    scope.cancel(gone);
    await expect(run).rejects.toBe(gone);
    expect(asked).toBe(false);
  });
});

describe('a source with a cache rule', () => {
  const rule = {
    scope: 'private' as const,
    freshMs: 0,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 10_000,
    key: () => 1,
  };

  it('answers from before when the budget has passed, in time', async () => {
    const clock = createManualClock();
    const cache = createAnswerCache({ clock, maxBytes: 1_000 });
    const source = { answer: (): Promise<string> => Promise.resolve('before') };
    const plan = createPlan<object>({ clock, cache }).required('order', {
      cache: rule,
      load: () => source.answer(),
    });
    await plan.run({}, openTestContext({ clock }).context);
    source.answer = () => new Promise<never>(() => undefined);
    const again = plan.run({}, openTestContext({ clock, timeoutMs: 1_000 }).context);
    await clock.advance(850);
    expect(await again).toEqual({
      values: { order: 'before' },
      sources: [{ source: 'order', status: 'stale', code: undefined, durationMs: 850, ageMs: 850 }],
    });
  });
});

describe('spans', () => {
  it('overlap for sources that run together, carry the failure, and are the parents of what is called', async () => {
    const clock = createManualClock();
    const log: string[] = [];
    const startSpan = (name: string, context: Context): Span => {
      log.push(`${name} starts at ${clock.now()}`);
      return {
        context: { ...context, trace: { ...context.trace, spanId: name } },
        link: () => undefined,
        end: (error) => void log.push(`${name} ends at ${clock.now()} ${error?.message ?? 'well'}`),
      };
    };
    const parents: string[] = [];
    const after =
      (delayMs: number, error?: AppError) =>
      (_input: unknown, { trace }: Context) => {
        parents.push(trace.spanId);
        return new Promise<number>((resolve, reject) => {
          clock.after(delayMs, () => (error ? reject(error) : resolve(1)));
        });
      };
    const run = createPlan<object>({ clock, startSpan })
      .required('order', { load: after(20) })
      .optional('payment', { load: after(30, new AppError('unavailable', 'ECONNRESET')) })
      .optional('offers', { when: () => false, load: after(1) })
      .run({}, openTestContext({ clock }).context);
    await clock.advance(30);
    await run;
    expect(parents).toEqual(['source order', 'source payment']);
    expect(log).toEqual([
      'source order starts at 0',
      'source payment starts at 0',
      'source order ends at 20 well',
      'source payment ends at 30 ECONNRESET',
    ]);
  });
});
