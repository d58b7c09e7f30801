import { describe, expect, it } from '@jest/globals';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createAnswerCache } from './answer-cache.ts';
import { shareInvalidation, type InvalidationChannel } from './share-invalidation.ts';

describe('shared invalidation', () => {
  it('reaches the caches of all instances, and its own although the channel fails', async () => {
    const clock = createManualClock();
    const listeners = new Set<(message: string) => void>();
    const errors: unknown[] = [];
    const channel: InvalidationChannel = {
      publish: async (_channel, message) => {
        for (const listener of listeners) listener(message);
      },
      subscribe: (_channel, { onMessage }) => {
        listeners.add(onMessage);
        return () => listeners.delete(onMessage);
      },
    };
    const create = (through = channel) =>
      shareInvalidation(createAnswerCache({ clock, maxBytes: 1_000 }), through, (error) =>
        errors.push(error),
      );
    const [here, there] = [create(), create()];
    const away = create({ ...channel, publish: () => Promise.reject(new Error('the store is away')) });
    const rule = {
      scope: 'shared' as const,
      freshMs: 1_000,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      key: () => 1,
      tags: () => ['order:1'],
    };
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
    expect(listeners.size).toBe(0);
  });
});
