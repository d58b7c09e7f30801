import type { CancelTimer, Clock } from '@bff/core';

/** A store that did not answer is asked again after this time, in milliseconds. */
const askAgainMs = 1_000;

/** Who wants to know when a session ends. */
export interface Endings {
  /** Returns what stops listening. */
  listen(hash: string, listener: () => void): () => void;
  tell(hash: string): void;
  /** For when an end may have been missed: asks the store for every session that somebody listens for. */
  lookAgain(): void;
  close(): void;
}

/** @param isThere asks the store; rejects while it is away */
export function createEndings(isThere: (hash: string) => Promise<boolean>, clock: Clock): Endings {
  const listeners = new Map<string, Set<() => void>>();
  let stopTimer: CancelTimer | undefined;
  let closed = false;

  function tell(hash: string): void {
    const told = listeners.get(hash) ?? [];
    listeners.delete(hash);
    for (const listener of told) listener();
  }

  /** While the store is away nobody is signed out. What tells of its return may be back sooner than what is asked here. */
  async function check(hashes: readonly string[]): Promise<void> {
    try {
      for (const hash of hashes) if (listeners.has(hash) && !(await isThere(hash))) tell(hash);
    } catch {
      if (closed) return;
      stopTimer ??= clock.after(askAgainMs, () => {
        stopTimer = undefined;
        lookAgain();
      });
    }
  }

  function lookAgain(): void {
    if (!closed) void check([...listeners.keys()]);
  }

  return {
    tell,
    listen(hash, listener) {
      const known = listeners.get(hash) ?? new Set();
      known.add(listener);
      listeners.set(hash, known);
      // It may have ended since the request was allowed.
      void check([hash]);
      return () => {
        known.delete(listener);
        if (known.size === 0 && listeners.get(hash) === known) listeners.delete(hash);
      };
    },
    lookAgain,
    close() {
      closed = true;
      stopTimer?.();
    },
  };
}
