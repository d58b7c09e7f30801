import type { Subscription } from './key-value-store.ts';

/** Who listens to what, in this process. */
export class Listeners {
  readonly #channels = new Map<string, Set<Subscription>>();

  get channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  /** The returned function removes it; it says whether nobody is left on the channel. */
  add(channel: string, subscription: Subscription): () => boolean {
    const present = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, present);
    present.add(subscription);
    return () => {
      if (!present.delete(subscription) || present.size > 0) return false;
      if (this.#channels.get(channel) === present) this.#channels.delete(channel);
      return true;
    };
  }

  tell(channel: string, message: string): void {
    for (const { onMessage } of this.#channels.get(channel) ?? []) onMessage(message);
  }

  /** Messages may have been lost. */
  tellOfGap(): void {
    for (const subscriptions of this.#channels.values()) {
      for (const { onGap } of subscriptions) onGap?.();
    }
  }

  clear(): void {
    this.#channels.clear();
  }
}
