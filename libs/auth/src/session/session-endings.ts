/** Who wants to know when a session ends. */
export interface Endings {
  /** Returns what stops listening. */
  listen(hash: string, listener: () => void): () => void;
  tell(hash: string): void;
  /** For when an end may have been missed: asks the store for every session that somebody listens for. */
  lookAgain(): void;
}

/** @param isThere asks the store; rejects while it is away */
export function createEndings(isThere: (hash: string) => Promise<boolean>): Endings {
  const listeners = new Map<string, Set<() => void>>();

  function tell(hash: string): void {
    const told = listeners.get(hash) ?? [];
    listeners.delete(hash);
    for (const listener of told) listener();
  }

  /** While the store is away nobody is signed out; when it is back, that is a gap, and it is asked again. */
  async function check(hashes: readonly string[]): Promise<void> {
    try {
      for (const hash of hashes) if (listeners.has(hash) && !(await isThere(hash))) tell(hash);
    } catch {
      return;
    }
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
    lookAgain() {
      void check([...listeners.keys()]);
    },
  };
}
