import { describe, expect, it } from '@jest/globals';
import { AppError, type Context, type ErrorCode, type OpenContextOptions } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createAnswerCache, type AnswerCacheOptions } from './answer-cache.ts';
import type { CacheRule } from './cache-rule.ts';

interface Question {
  readonly id: string;
}

/** A service that counts and answers with its count, unless it is told to fail. */
function setUp(options: Partial<AnswerCacheOptions> = {}) {
  const clock = createManualClock();
  const cache = createAnswerCache({ clock, maxBytes: 10_000, ...options });
  const service = {
    calls: 0,
    fault: undefined as (() => Promise<never>) | undefined,
    contexts: [] as Context[],
  };
  const rule: CacheRule<Question, string> = {
    scope: 'private',
    freshMs: 100,
    staleWhileRevalidateMs: 100,
    staleIfErrorMs: 1_000,
    key: ({ id }) => id,
    tags: ({ id }) => [`order:${id}`],
  };
  const load = async (context: Context) => {
    service.calls++;
    service.contexts.push(context);
    if (service.fault) return service.fault();
    return `answer ${service.calls}`;
  };
  const read = (
    id = 'o1',
    changes: Partial<CacheRule<Question, string>> = {},
    who: Partial<OpenContextOptions> = {},
  ) =>
    cache.read(
      { name: 'order', rule: { ...rule, ...changes }, input: { id }, load },
      openTestContext({ clock, ...who }).context,
    );
  return { clock, cache, service, read, rule };
}

const as = (subject: string, roles: string[] = [], scopes: string[] = []) => ({
  principal: { subject, client: 'web', scopes, roles },
});

describe('an answer that is kept', () => {
  it('is given while it is fresh, with its age', async () => {
    const { clock, service, read } = setUp();
    expect(await read()).toEqual({ value: 'answer 1', ageMs: 0, stale: false });
    await clock.advance(99);
    expect(await read()).toEqual({ value: 'answer 1', ageMs: 99, stale: false });
    expect(service.calls).toBe(1);
  });

  it('is given stale at once while one newer is fetched, once', async () => {
    const { clock, service, read } = setUp();
    await read();
    await clock.advance(150);
    expect(await Promise.all([read(), read(), read()])).toEqual(
      Array.from({ length: 3 }, () => ({ value: 'answer 1', ageMs: 150, stale: true })),
    );
    await clock.advance(0);
    expect(service.calls).toBe(2);
    expect(await read()).toEqual({ value: 'answer 2', ageMs: 0, stale: false });
  });

  it('is fetched in the background although the caller has left, and no longer than allowed', async () => {
    const { clock, cache, service, rule } = setUp({ revalidateTimeoutMs: 500 });
    const scope = openTestContext({ clock });
    const hang = (context: Context) =>
      new Promise<string>((_resolve, reject) => {
        service.contexts.push(context);
        context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      });
    const question = { name: 'order', rule, input: { id: 'o1' } };
    await cache.read({ ...question, load: async () => 'old' }, scope.context);
    await clock.advance(150);
    await cache.read({ ...question, load: hang }, scope.context);
    scope.cancel(new AppError('cancelled', 'The client left.'));
    expect(service.contexts[0]?.signal.aborted).toBe(false);
    expect(service.contexts[0]?.principal?.subject).toBe('alice');
    await clock.advance(500);
    expect(service.contexts[0]?.signal.aborted).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is too old after its time', async () => {
    const { clock, service, read } = setUp();
    await read();
    await clock.advance(200);
    expect(await read()).toMatchObject({ value: 'answer 2', stale: false });
    expect(service.calls).toBe(2);
  });

  const outages: ErrorCode[] = [
    'unavailable',
    'upstream_failed',
    'internal',
    'deadline_exceeded',
    'resource_exhausted',
  ];
  it.each(outages)('stands in when the service fails with %s, for its time', async (code) => {
    const { clock, service, read } = setUp();
    await read();
    service.fault = () => Promise.reject(new AppError(code, 'down'));
    await clock.advance(300);
    expect(await read()).toEqual({ value: 'answer 1', ageMs: 300, stale: true });
    await clock.advance(799);
    expect(await read()).toMatchObject({ ageMs: 1_099, stale: true });
    await clock.advance(1);
    await expect(read()).rejects.toMatchObject({ code });
  });

  it.each(['not_found', 'permission_denied', 'unauthenticated'] as const)(
    'does not stand in when the service says %s, nor ever again',
    async (code) => {
      const { clock, service, read } = setUp();
      await read();
      await clock.advance(300);
      service.fault = () => Promise.reject(new AppError(code, 'no'));
      await expect(read()).rejects.toMatchObject({ code });
      service.fault = () => Promise.reject(new AppError('unavailable', 'down'));
      await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
    },
  );

  it('is never given to another user, nor to one with other rights', async () => {
    const { service, read } = setUp();
    await read('o1', {}, as('alice'));
    await read('o1', {}, as('bob'));
    await read('o1', {}, as('alice', ['support']));
    await read('o1', {}, as('alice', [], ['orders']));
    await read('o1', {}, { principal: undefined });
    expect(service.calls).toBe(5);
    service.fault = () => Promise.reject(new AppError('unavailable', 'down'));
    await expect(read('o1', {}, as('carol'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is given to everybody when it is declared shared', async () => {
    const { service, read } = setUp();
    const shared = { scope: 'shared' } as const;
    await read('o1', shared, as('alice'));
    expect(await read('o1', shared, as('bob'))).toMatchObject({ value: 'answer 1' });
    // Declared private it is another key, so a mistake in one rule does not open the other.
    await read('o1', {}, as('bob'));
    expect(service.calls).toBe(2);
  });

  it('goes with any of its tags, and with whatever its owner writes', async () => {
    const { cache, service, read } = setUp();
    await read('o1');
    await read('o2');
    cache.invalidate(['order:o1']);
    await read('o1');
    await read('o2');
    expect(service.calls).toBe(3);
    cache.invalidate(['user:alice']);
    expect(cache.state()).toEqual({ entries: 0, bytes: 0 });
  });

  it('is not kept when it was written to while it was fetched', async () => {
    const { clock, cache, service, read } = setUp();
    const slow = Promise.withResolvers<never>();
    service.fault = () => slow.promise;
    const before = read('o1');
    const other = read('o2');
    await clock.advance(0);
    cache.invalidate(['order:o1']);
    slow.resolve('from before the write' as never);
    await Promise.all([before, other]);
    expect(cache.state().entries).toBe(1);
    service.fault = undefined;
    expect(await read('o1')).toMatchObject({ value: 'answer 3' });
    expect(await read('o2')).toMatchObject({ value: 'from before the write' });
  });

  it('does not stand in for what a write has taken away meanwhile', async () => {
    const { clock, cache, service, read } = setUp();
    await read();
    await clock.advance(300);
    service.fault = () => {
      cache.invalidate(['order:o1']);
      return Promise.reject(new AppError('unavailable', 'down'));
    };
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('stays within the bytes, the least used leaving first', async () => {
    const { cache, read } = setUp({ maxBytes: 2_000 });
    for (let id = 0; id < 100; id++) {
      await read('favourite');
      await read(`o${id}`);
    }
    expect(cache.state().bytes).toBeLessThanOrEqual(2_000);
    expect(cache.state().entries).toBeGreaterThan(5);
    expect(await read('favourite')).toMatchObject({ value: 'answer 1' });
  });

  it('is not kept when it is larger than all there is room for, or has no size', async () => {
    const { cache, rule } = setUp({ maxBytes: 500 });
    const { context } = openTestContext();
    const ask = (value: unknown) =>
      cache.read(
        {
          name: 'x',
          rule,
          input: { id: '1' },
          load: async () => value,
        },
        context,
      );
    await ask('x'.repeat(600));
    await ask(() => 'a function');
    expect(cache.state()).toEqual({ entries: 0, bytes: 0 });
  });

  it('is not kept by a rule of zeros', async () => {
    const { cache, service, read } = setUp();
    const never = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
    await read('o1', never);
    await read('o1', never);
    expect(service.calls).toBe(2);
    expect(cache.state().entries).toBe(0);
  });
});
