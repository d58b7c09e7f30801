import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError, type Context, type OpenContextOptions } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import type { Span } from '../plan/span.ts';
import { createCoalescer, type CoalescerOptions } from './coalescer.ts';

const alice = { subject: 'alice', client: 'web', scopes: ['read', 'write'], roles: [] };

interface Downstream {
  readonly request: { readonly id: string };
  readonly context: Context;
  resolve(value: string): void;
  reject(error: unknown): void;
}

/** A shared read whose calls below are answered by hand. */
function setUp(options: Partial<CoalescerOptions> = {}) {
  const clock = createManualClock();
  const coalescer = createCoalescer({ clock, ...options });
  const calls: Downstream[] = [];
  const read = coalescer.filter<{ id: string }, string>('orders.get')(
    (request, context) =>
      new Promise((resolve, reject) => {
        calls.push({ request, context, resolve, reject });
        context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      }),
  );
  const open = (overrides: Partial<OpenContextOptions> = {}) =>
    openTestContext({ clock, timeoutMs: 1_000, principal: alice, ...overrides });
  return { clock, coalescer, calls, read, open };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const gone = new AppError('cancelled', 'The client left.');

/** What became of a promise so far. */
function watch<T>(promise: Promise<T>) {
  const state: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => (state.value = value),
    (error: unknown) => (state.error = error),
  );
  return state;
}

describe('coalescing', () => {
  it('shares one call among identical reads in flight, and nothing afterwards', async () => {
    const { calls, read, open, coalescer } = setUp();
    const scopes = Array.from({ length: 100 }, (_, index) =>
      open({ requestId: `r${index}`, trace: { traceId: `${index}`, spanId: `${index}`, sampled: true } }),
    );
    const answers = Promise.all(scopes.map(({ context }) => read({ id: 'o1' }, context)));
    expect(calls).toHaveLength(1);
    expect(coalescer.flights()).toBe(1);
    calls[0]?.resolve('order');
    expect(new Set(await answers)).toEqual(new Set(['order']));
    expect(coalescer.flights()).toBe(0);
    for (const { context } of scopes) expect(getEventListeners(context.signal, 'abort')).toHaveLength(0);
    const again = read({ id: 'o1' }, open().context);
    expect(calls).toHaveLength(2);
    calls[1]?.resolve('newer');
    expect(await again).toBe('newer');
  });

  const others: [string, Partial<OpenContextOptions>][] = [
    ['another user', { principal: { ...alice, subject: 'bob' } }],
    ['another client of the user', { principal: { ...alice, client: 'mobile' } }],
    ['fewer scopes', { principal: { ...alice, scopes: ['read'] } }],
    ['another role', { principal: { ...alice, roles: ['support'] } }],
    ['nobody', { principal: undefined }],
    ['a request that was tried before', { retried: true }],
  ];
  it.each(others)('never shares with %s', (_who, overrides) => {
    const { calls, read, open } = setUp();
    const first = open();
    const second = open(overrides);
    void watch(read({ id: 'o1' }, first.context));
    void watch(read({ id: 'o1' }, second.context));
    expect(calls).toHaveLength(2);
    expect(calls[1]?.context.principal).toEqual(second.context.principal);
    first.cancel(gone);
    second.cancel(gone);
  });

  it('tells arguments apart by value, not by the order of their fields or of scopes', () => {
    const { clock, open } = setUp();
    const seen: unknown[] = [];
    const read = createCoalescer({ clock }).filter<object, never>('list')((request) => {
      seen.push(request);
      return new Promise(() => {});
    });
    const swapped = { ...alice, scopes: ['write', 'read'] };
    void read({ a: 1, b: { c: [1, 2], d: undefined } }, open().context);
    void read({ b: { c: [1, 2] }, a: 1 }, open({ principal: swapped }).context);
    void read({ a: 1, b: { c: [2, 1] } }, open().context);
    expect(seen).toHaveLength(2);
  });

  it('lets the leader leave without failing its followers', async () => {
    const { calls, read, open } = setUp();
    const [leader, follower] = [open(), open()];
    const first = watch(read({ id: 'o1' }, leader.context));
    const second = watch(read({ id: 'o1' }, follower.context));
    leader.cancel(gone);
    await settle();
    expect(first.error).toBe(gone);
    expect(second).toEqual({});
    expect(calls[0]?.context.signal.aborted).toBe(false);
    calls[0]?.resolve('order');
    await settle();
    expect(second.value).toBe('order');
  });

  it('lets a follower leave at once, and cancels with the last one', async () => {
    const { calls, read, open, coalescer } = setUp();
    const [leader, follower] = [open(), open()];
    const first = watch(read({ id: 'o1' }, leader.context));
    const second = watch(read({ id: 'o1' }, follower.context));
    follower.cancel(gone);
    await settle();
    expect(second.error).toBe(gone);
    expect(calls[0]?.context.signal.aborted).toBe(false);
    leader.cancel(gone);
    await settle();
    expect(first.error).toBe(gone);
    expect(calls[0]?.context.signal.aborted).toBe(true);
    expect(coalescer.flights()).toBe(0);
  });

  it('fails all with the same error, and the next one asks again', async () => {
    const { calls, read, open, coalescer } = setUp();
    const down = new AppError('unavailable', 'gone');
    const states = [open(), open()].map(({ context }) => watch(read({ id: 'o1' }, context)));
    calls[0]?.reject(down);
    await settle();
    expect(states.map(({ error }) => error)).toEqual([down, down]);
    expect(coalescer.flights()).toBe(0);
  });

  it('has the longest deadline of its members', async () => {
    const { clock, calls, read, open } = setUp();
    const states = [100, 900, 400].map((timeoutMs) => watch(read({ id: 'o1' }, open({ timeoutMs }).context)));
    expect(calls[0]?.context.deadline.remainingMs()).toBe(900);
    expect(calls[0]?.context.deadline.within(2_000).remainingMs()).toBe(900);
    await clock.advance(400);
    expect(states.map(({ error }) => (error as AppError | undefined)?.code)).toEqual([
      'deadline_exceeded',
      undefined,
      'deadline_exceeded',
    ]);
    calls[0]?.resolve('order');
    await settle();
    expect(states[1]?.value).toBe('order');
  });

  it('asks again for who has time left, when the one who began was in a greater hurry', async () => {
    const { clock, calls, read, open } = setUp();
    const first = watch(read({ id: 'o1' }, open({ timeoutMs: 50 }).context));
    const second = watch(read({ id: 'o1' }, open().context));
    await clock.advance(45);
    // The service was told 50 ms and says so.
    calls[0]?.reject(new AppError('deadline_exceeded', 'too slow'));
    await settle();
    expect(first.error).toMatchObject({ code: 'deadline_exceeded' });
    expect(calls).toHaveLength(2);
    calls[1]?.resolve('order');
    await settle();
    expect(second.value).toBe('order');
  });

  it('shares nothing with reads that began before the caller wrote', async () => {
    const { calls, read, open, coalescer } = setUp();
    const bob = { ...alice, subject: 'bob' };
    const before = watch(read({ id: 'o1' }, open().context));
    void read({ id: 'o1' }, open({ principal: bob }).context);
    // A checkout writes in the user's name with fewer rights than he reads with.
    coalescer.startAnew(open({ principal: { ...alice, scopes: [], roles: ['none'] } }).context);
    const after = watch(read({ id: 'o1' }, open().context));
    void read({ id: 'o1' }, open({ principal: bob }).context);
    expect(calls).toHaveLength(3);
    calls[0]?.resolve('as it was');
    await settle();
    // The older flight has ended and must not take the newer one off the table.
    const third = watch(read({ id: 'o1' }, open().context));
    expect(calls).toHaveLength(3);
    calls[2]?.resolve('as it is');
    await settle();
    expect([before.value, after.value, third.value]).toEqual(['as it was', 'as it is', 'as it is']);
  });

  it('links the span of a follower to that of the leader', async () => {
    const spans: string[] = [];
    const startSpan = (name: string, context: Context): Span => ({
      context,
      link: (other) => void spans.push(`${name}: ${context.trace.spanId} -> ${other.spanId}`),
      end: () => void spans.push(`${name} ends`),
    });
    const followed: string[] = [];
    const { calls, read, open } = setUp({ startSpan, onFollow: (name) => followed.push(name) });
    const traced = (spanId: string) => open({ trace: { traceId: 't', spanId, sampled: true } }).context;
    const both = Promise.all([read({ id: 'o1' }, traced('a')), read({ id: 'o1' }, traced('b'))]);
    calls[0]?.resolve('order');
    await both;
    expect(spans).toEqual(['shared orders.get: b -> a', 'shared orders.get ends']);
    expect(followed).toEqual(['orders.get']);
  });

  it('keeps nothing of a call that fails before it has begun to wait', async () => {
    const { coalescer, open } = setUp();
    let calls = 0;
    const failing = coalescer.filter<object, string>('orders.get')(() => {
      if (calls++ === 0) throw gone;
      return Promise.resolve('order');
    });
    await expect(failing({}, open().context)).rejects.toBe(gone);
    expect(coalescer.flights()).toBe(0);
    expect(await failing({}, open().context)).toBe('order');
  });

  it('starts nothing for a context that has ended', async () => {
    const { calls, read, open } = setUp();
    const scope = open();
    scope.cancel(gone);
    await expect(read({ id: 'o1' }, scope.context)).rejects.toBe(gone);
    expect(calls).toHaveLength(0);
  });
});
