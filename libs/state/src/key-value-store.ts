/** A value with the version that a compare-and-set needs. Versions are opaque: equal or not equal, nothing else. */
export interface Entry {
  readonly value: string;
  readonly version: string;
}

export interface ListedEntry extends Entry {
  readonly key: string;
}

export interface StoredUntil {
  /** How long the entry lives, in milliseconds from now. Every entry ends: a store that only grows fails some day. */
  readonly timeToLiveMs: number;
}

export interface ListOptions {
  /** At most this many entries, in the order of their keys. */
  readonly limit: number;
  /** Only keys after this one. */
  readonly after?: string;
}

export interface LeaseOptions {
  /** How long the lease lasts without renewal, in milliseconds. It is renewed by itself every third of this time until it is released. */
  readonly timeToLiveMs: number;
}

/**
 * The right to do something alone, for a while: it ends by itself when its holder dies.
 * Whoever writes under a lease checks `signal` before, and stores `fence` with what is written, so that a holder that was
 * frozen and comes back is told from the present one.
 */
export interface Lease {
  /** Grows with every lease given for this name. */
  readonly fence: number;
  /** Aborted when the lease could not be renewed in time. */
  readonly signal: AbortSignal;
  /** Gives the lease back; does nothing when it is lost already. */
  release(): Promise<void>;
}

export interface Subscription {
  onMessage(message: string): void;
  /** Told when the store was away and is back: messages may have been lost meanwhile. */
  onGap?(): void;
}

/**
 * State that the instances of an app share: sessions, refresh locks, idempotency keys, checkout journals.
 * One SQLite file on one machine, Redis on many. Any method fails with `AppError('unavailable')` when the store is away,
 * within the store's time limit.
 */
export interface KeyValueStore {
  get(key: string): Promise<Entry | undefined>;
  /** Writes whatever is there; the new version. */
  set(key: string, value: string, until: StoredUntil): Promise<string>;
  /** Writes only when the present version is `expected` (`undefined`: when the key is absent); the new version, or `undefined` when it was not. */
  compareAndSet(
    key: string,
    expected: string | undefined,
    value: string,
    until: StoredUntil,
  ): Promise<string | undefined>;
  /** Whether the key was there (with `expected`: in this version) and is now gone. */
  delete(key: string, expected?: string): Promise<boolean>;
  /** The entries whose keys start with the prefix. */
  list(prefix: string, options: ListOptions): Promise<readonly ListedEntry[]>;
  /** Adds to a counter, which starts at 0 and whose life begins with its first count; the new count. A counter is an entry as any other. */
  increment(key: string, by: number, until: StoredUntil): Promise<number>;
  /** `undefined` while somebody else holds it. */
  acquireLease(name: string, options: LeaseOptions): Promise<Lease | undefined>;
  /** Tells every instance that listens, this one included; nothing is kept for those that do not. */
  publish(channel: string, message: string): Promise<void>;
  /** Listens until the returned function is called. A message arrives within 50 ms, in order; what is published while the store is away is lost, and `onGap` says so. */
  subscribe(channel: string, subscription: Subscription): () => void;
  /** Lets go of the store; everything fails from now on. Leases that are held end by themselves. */
  close(): Promise<void>;
}
