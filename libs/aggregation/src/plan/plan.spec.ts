import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError, type Context, type ErrorCode } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createPlan } from './plan.ts';
import type { SourceOutcome } from './source-outcome.ts';

/** Virtual time, a request with a deadline of 1 s, and sources that are told when to answer. */
function setUp() {
  const clock = createManualClock();
  const scope = openTestContext({ clock, timeoutMs: 1_000 });
  const seen: (SourceOutcome & { error: AppError | undefined })[] = [];
  const started: { source: string; at: number; signal: AbortSignal }[] = [];
  const plan = createPlan<{ id: string }>({
    clock,
    onSource: (outcome, error) => seen.push({ ...outcome, error }),
  });
  const note = (source: string, context: Context) =>
    started.push({ source, at: clock.now(), signal: context.signal });
  return {
    clock,
    scope,
    plan,
    seen,
    started,
    /** Answers after `delayMs`, and takes no notice of its signal: the runner must not depend on it. */
    answering: <T>(source: string, delayMs: number, value: T) => ({
      load: (_input: unknown, context: Context) => {
        note(source, context);
        return new Promise<T>((resolve) => clock.after(delayMs, () => resolve(value)));
      },
    }),
    failing: (source: string, delayMs: number, error: Error) => ({
      load: (_input: unknown, context: Context) => {
        note(source, context);
        return new Promise<never>((_resolve, reject) => clock.after(delayMs, () => reject(error)));
      },
    }),
    hanging: (source: string) => ({
      load: (_input: unknown, context: Context) => {
        note(source, context);
        return new Promise<never>(() => {});
      },
    }),
    nothingLeft() {
      expect(getEventListeners(scope.context.signal, 'abort')).toHaveLength(0);
      scope.close();
      expect(clock.pendingTimers()).toBe(0);
    },
  };
}

function settled<T>(promise: Promise<T>) {
  const state: { value?: T; error?: AppError; at?: number } = {};
  promise.then(
    (value) => (state.value = value),
    (error: unknown) => (state.error = error as AppError),
  );
  return state;
}

describe('a plan', () => {
  it('starts independent sources together and a dependent one the moment its inputs are there', async () => {
    const { clock, scope, plan, started, answering, nothingLeft } = setUp();
    const run = settled(
      plan
        .required('order', answering('order', 40, { customer: 'alice' }))
        .optional('payment', answering('payment', 60, 'paid'))
        .required('offers', {
          needs: ['order'],
          load: ({ request, inputs }, context) =>
            answering('offers', 30, `${inputs.order.customer}'s offers, ${request.id}`).load({}, context),
        })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(70);
    expect(started.map(({ source, at }) => [source, at])).toEqual([
      ['order', 0],
      ['payment', 0],
      ['offers', 40],
    ]);
    expect(run.value?.values).toEqual({
      order: { customer: 'alice' },
      payment: { ok: true, value: 'paid' },
      offers: "alice's offers, r1",
    });
    expect(run.value?.sources).toEqual([
      { source: 'order', status: 'ok', code: undefined, durationMs: 40 },
      { source: 'payment', status: 'ok', code: undefined, durationMs: 60 },
      { source: 'offers', status: 'ok', code: undefined, durationMs: 30 },
    ]);
    nothingLeft();
  });

  it('gives a missing part when an optional source fails, and keeps the cause for whoever watches', async () => {
    const { clock, scope, plan, seen, answering, failing, nothingLeft } = setUp();
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:3000');
    const run = settled(
      plan
        .required('order', answering('order', 20, 'order'))
        .optional('payment', failing('payment', 10, new AppError('unavailable', 'gone', { cause })))
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(20);
    expect(run.value?.values.payment).toEqual({ ok: false, code: 'upstream_failed' });
    expect(run.value?.sources[1]).toEqual({
      source: 'payment',
      status: 'unavailable',
      code: 'upstream_failed',
      durationMs: 10,
    });
    expect(seen[0]?.error?.cause).toBe(cause);
    nothingLeft();
  });

  it('cuts an optional source off at its own timeout and answers with what is there', async () => {
    const { clock, scope, plan, started, answering, hanging, nothingLeft } = setUp();
    const run = settled(
      plan
        .required('order', answering('order', 20, 'order'))
        .optional('payment', { timeoutMs: 100, ...hanging('payment') })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(99);
    expect(run.value).toBeUndefined();
    await clock.advance(1);
    expect(run.value?.values).toEqual({ order: 'order', payment: { ok: false, code: 'deadline_exceeded' } });
    expect(run.value?.sources[1]).toMatchObject({ status: 'timeout', durationMs: 100 });
    expect(started[1]?.signal.aborted).toBe(true);
    nothingLeft();
  });

  it('gives sources 85 % of the remaining time', async () => {
    const { clock, scope, plan, answering, hanging, nothingLeft } = setUp();
    await clock.advance(200);
    const run = settled(
      plan
        .required('order', answering('order', 20, 'order'))
        .optional('payment', hanging('payment'))
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(679);
    expect(run.value).toBeUndefined();
    await clock.advance(1);
    expect(run.value?.values.payment).toEqual({ ok: false, code: 'deadline_exceeded' });
    nothingLeft();
  });

  it('ends with deadline_exceeded when a required source hangs', async () => {
    const { clock, scope, plan, hanging, nothingLeft } = setUp();
    const run = settled(plan.required('order', hanging('order')).run({ id: 'r1' }, scope.context));
    await clock.advance(850);
    expect(run.error).toMatchObject({ code: 'deadline_exceeded' });
    nothingLeft();
  });

  it('ends at once when a required source fails, and cancels the others', async () => {
    const { clock, scope, plan, seen, started, failing, hanging, nothingLeft } = setUp();
    const run = settled(
      plan
        .required('order', failing('order', 30, new AppError('not_found', 'There is no order ord_1.')))
        .optional('payment', hanging('payment'))
        .optional('offers', { needs: ['order'], ...hanging('offers') })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(30);
    expect(run.error).toMatchObject({ code: 'not_found', message: 'There is no order ord_1.' });
    expect(started.map(({ source }) => source)).toEqual(['order', 'payment']);
    expect(started[1]?.signal.aborted).toBe(true);
    expect(seen.map(({ source, status }) => [source, status]).sort()).toEqual([
      ['offers', 'skipped'],
      ['order', 'unavailable'],
      ['payment', 'cancelled'],
    ]);
    nothingLeft();
  });

  it('cancels everything when the client leaves, without waiting for sources that go on', async () => {
    const { clock, scope, plan, seen, started, answering, hanging, nothingLeft } = setUp();
    const run = settled(
      plan
        .required('order', answering('order', 100, 'order'))
        .optional('payment', hanging('payment'))
        .optional('offers', { needs: ['order'], ...hanging('offers') })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(50);
    const gone = new AppError('cancelled', 'The client left.');
    scope.cancel(gone);
    await clock.advance(0);
    expect(run.error).toBe(gone);
    expect(started.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(seen.map(({ source, status }) => [source, status]).sort()).toEqual([
      ['offers', 'skipped'],
      ['order', 'cancelled'],
      ['payment', 'cancelled'],
    ]);
    await clock.advance(100);
    expect(started).toHaveLength(2);
    nothingLeft();
  });

  it('starts nothing for a context that has ended', async () => {
    const { clock, scope, plan, started, answering } = setUp();
    scope.cancel(new AppError('cancelled', 'The client left.'));
    const run = settled(plan.required('order', answering('order', 1, 1)).run({ id: 'r1' }, scope.context));
    await clock.advance(5);
    expect(run.error).toMatchObject({ code: 'cancelled' });
    expect(started).toHaveLength(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('does not call a source that is not asked for', async () => {
    const { clock, scope, plan, started, answering, nothingLeft } = setUp();
    const run = settled(
      plan
        .required('order', answering('order', 5, 'order'))
        .optional('payment', {
          when: ({ request }) => request.id === 'other',
          ...answering('payment', 5, 'paid'),
        })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(5);
    expect(run.value?.values.payment).toEqual({ ok: false, code: 'skipped' });
    expect(run.value?.sources[1]).toMatchObject({ source: 'payment', status: 'skipped', durationMs: 0 });
    expect(started.map(({ source }) => source)).toEqual(['order']);
    nothingLeft();
  });

  it('hands a source the missing part of an optional source that it needs', async () => {
    const { clock, scope, plan, failing, nothingLeft } = setUp();
    const run = settled(
      plan
        .optional('payment', failing('payment', 5, new AppError('not_found', 'none')))
        .required('summary', {
          needs: ['payment'],
          load: async ({ inputs }) => (inputs.payment.ok ? 'paid' : `unknown: ${inputs.payment.code}`),
        })
        .run({ id: 'r1' }, scope.context),
    );
    await clock.advance(5);
    expect(run.value?.values.summary).toBe('unknown: not_found');
    nothingLeft();
  });

  const mappings: [ErrorCode, ErrorCode][] = [
    ['unavailable', 'upstream_failed'],
    ['internal', 'upstream_failed'],
    ['unauthenticated', 'upstream_failed'],
    ['permission_denied', 'upstream_failed'],
    ['unimplemented', 'upstream_failed'],
    ['cancelled', 'upstream_failed'],
    ['deadline_exceeded', 'deadline_exceeded'],
    ['not_found', 'not_found'],
    ['invalid_argument', 'invalid_argument'],
    ['failed_precondition', 'failed_precondition'],
    ['conflict', 'conflict'],
    ['resource_exhausted', 'upstream_failed'],
  ];
  it.each(mappings)('turns %s of a required source into %s', async (from, to) => {
    const { clock, scope, plan, failing, nothingLeft } = setUp();
    const failure = new AppError(from, 'the words of the service', { retryAfterMs: 50 });
    const run = settled(
      plan.required('order', failing('order', 5, failure)).run({ id: 'r1' }, scope.context),
    );
    await clock.advance(5);
    expect(run.error).toMatchObject({ code: to, retryAfterMs: 50 });
    if (from === to) expect(run.error).toBe(failure);
    else expect(run.error).toMatchObject({ message: 'The order source is unavailable.', cause: failure });
    nothingLeft();
  });

  it('shows nothing of an unexpected error', async () => {
    const { clock, scope, plan, failing } = setUp();
    const failure = new TypeError('undefined is not a function at /srv/app.js');
    const run = settled(
      plan.required('order', failing('order', 5, failure)).run({ id: 'r1' }, scope.context),
    );
    await clock.advance(5);
    expect(run.error).toMatchObject({ code: 'upstream_failed', message: 'The order source is unavailable.' });
    scope.close();
  });
});
