import type { InvalidationChannel } from '../cache/share-invalidation.ts';

type Listener = Parameters<InvalidationChannel['subscribe']>[1];

/** A channel among instances in one process, which can be broken off for a while. */
export function createMemoryChannel() {
  const listeners = new Set<Listener>();
  return {
    listeners,
    publish: async (_channel: string, message: string) => {
      for (const { onMessage } of listeners) onMessage(message);
    },
    subscribe: (_channel: string, listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** The store is back, and nobody knows what was said meanwhile. */
    comeBack() {
      for (const { onGap } of listeners) onGap();
    },
  } satisfies InvalidationChannel & Record<string, unknown>;
}
