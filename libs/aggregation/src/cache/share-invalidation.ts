import type { AnswerCache } from './answer-cache.ts';

/** A channel to the other instances; `KeyValueStore` of `@bff/state` is one. */
export interface InvalidationChannel {
  publish(channel: string, message: string): Promise<void>;
  /** `onGap`: messages may have been lost. */
  subscribe(channel: string, subscription: { onMessage(message: string): void; onGap(): void }): () => void;
}

const channelName = 'answers-invalidated';

/**
 * The same cache, whose invalidations reach the caches of all instances. An instance that could not hear the others for a
 * while keeps nothing from before; what is lost with an instance that dies between its write and its word of it is
 * outlived, since no answer is given longer than its rule says.
 */
export function shareInvalidation(
  cache: AnswerCache,
  channel: InvalidationChannel,
  onError: (error: unknown) => void,
): AnswerCache & { close(): void } {
  const close = channel.subscribe(channelName, {
    onMessage(message) {
      const tags: unknown = JSON.parse(message);
      if (Array.isArray(tags)) cache.invalidate(tags.filter((tag) => typeof tag === 'string'));
    },
    onGap() {
      cache.invalidateAll();
    },
  });
  return {
    read: (read, context) => cache.read(read, context),
    state: () => cache.state(),
    invalidate(tags) {
      // Here at once, whatever the channel does.
      cache.invalidate(tags);
      channel.publish(channelName, JSON.stringify(tags)).catch(onError);
    },
    invalidateAll() {
      cache.invalidateAll();
    },
    close,
  };
}
