import { describe, expect, it } from '@jest/globals';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createAnswerCache } from './answer-cache.ts';
import { createMemoryChannel } from '../testing/memory-channel.ts';
import { shareInvalidation, type InvalidationChannel } from './share-invalidation.ts';

const rule = {
  scope: 'shared' as const,
  freshMs: 1_000,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  key: () => 1,
  tags: () => ['order:1'],
};

describe('shared invalidation', () => {
  it('reaches the caches of all instances, and its own although the channel fails', async () => {
    const clock = createManualClock();
    const errors: unknown[] = [];
    const channel = createMemoryChannel();
    const create = (through: InvalidationChannel = channel) =>
      shareInvalidation(createAnswerCache({ clock, maxBytes: 1_000 }), through, (error) =>
        errors.push(error),
      );
    const [here, there] = [create(), create()];
    const away = create({ ...channel, publish: () => Promise.reject(new Error('the store is away')) });
    for (const cache of [here, there, away]) {
      await cache.read({ name: 'x', rule, input: {}, load: async () => 'kept' }, openTestContext().context);
    }
    away.invalidate(['order:1']);
    expect([here, there, away].map((cache) => cache.state().entries)).toEqual([1, 1, 0]);
    here.invalidate(['order:1']);
    expect(there.state().entries).toBe(0);
    await clock.advance(0);
    expect(errors).toHaveLength(1);
    for (const cache of [here, there, away]) cache.close();
    expect(channel.listeners.size).toBe(0);
  });

  it('keeps nothing from before, nor what is just being fetched, once messages may have been lost', async () => {
    const channel = createMemoryChannel();
    const clock = createManualClock();
    const cache = shareInvalidation(createAnswerCache({ clock, maxBytes: 1_000 }), channel, () => undefined);
    const { context } = openTestContext();
    const { promise, resolve } = Promise.withResolvers<string>();
    const underWay = cache.read({ name: 'x', rule, input: {}, load: () => promise }, context);
    await cache.read({ name: 'y', rule, input: {}, load: async () => 'kept' }, context);
    expect(cache.state().entries).toBe(1);
    channel.comeBack();
    resolve('from before, perhaps');
    await underWay;
    expect(cache.state()).toEqual({ entries: 0, bytes: 0 });
    await cache.read({ name: 'x', rule, input: {}, load: async () => 'since' }, context);
    expect(cache.state().entries).toBe(1);
  });
});
