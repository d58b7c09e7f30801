import { AppError } from '@bff/core';
import { isOpen, writeEntry, type JournalEntry } from './checkout-entry.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { CheckoutStore, Sealer, StoreLease } from './state-store.ts';

/** Work that nobody could finish for so long is given up; the services know its keys as long. */
const unfinishedLifetimeMs = 7 * 24 * 60 * 60 * 1_000;

export const entryKey = (id: string) => `checkout/entry/${id}`;
export const openPrefix = 'checkout/open/';
const openKey = (id: string) => openPrefix + id;

export interface JournalOptions {
  store: CheckoutStore;
  sealer: Sealer;
  times: CheckoutTimes;
}

/** An entry together with the version that its next writer must know. */
export interface Found {
  readonly entry: JournalEntry;
  readonly version: string;
}

/** When unfinished work is looked at again. */
export interface Postponement {
  /** How often a recovery has failed. */
  readonly tries: number;
  /** Milliseconds since 1970; no recovery before that. */
  readonly notBefore: number;
}

interface Claimed {
  readonly id: string;
  readonly lease: StoreLease;
  readonly found: Found | undefined;
  readonly indexVersion: string | undefined;
}

/**
 * One piece of work in the hands of one instance. Whoever lost it notices at the next write, which is a compare-and-set:
 * the lease saves double work, correctness does not hang on it.
 */
export class Claim {
  readonly id: string;
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal;
  readonly #options: JournalOptions;
  readonly #lease: StoreLease;
  #found: Found | undefined;
  #indexVersion: string | undefined;
  #saved = false;

  constructor(options: JournalOptions, { id, lease, found, indexVersion }: Claimed) {
    this.#options = options;
    this.id = id;
    this.signal = lease.signal;
    this.#lease = lease;
    this.#found = found;
    this.#indexVersion = indexVersion;
  }

  get entry(): JournalEntry | undefined {
    return this.#found?.entry;
  }

  /**
   * Writes an entry that is to go on, found by recoveries from now on. By its first write whoever claimed the work takes
   * it over: the writes of a former holder fail from then on. Throws `unavailable` when the work is somebody else's.
   */
  async save(entry: JournalEntry): Promise<void> {
    await this.#write(entry, unfinishedLifetimeMs);
    if (!this.#saved) await this.postpone({ tries: 0, notBefore: 0 });
    this.#saved = true;
  }

  /** Writes how it ended, to be answered from for the published time. */
  async finish(entry: JournalEntry): Promise<void> {
    await this.#write(entry, this.#options.times.outcomeLifetimeMs);
    await this.leaveIndex();
  }

  /** Forgets it. */
  async remove(): Promise<void> {
    const { store } = this.#options;
    const isOurs = !this.#found || (await store.delete(entryKey(this.id), this.#found.version));
    // Otherwise somebody else has taken it over, and what the index says is about his work.
    if (isOurs) await this.leaveIndex();
  }

  /**
   * There is nothing left to recover. Only what this claim has seen or written is taken out of the index: whoever has
   * begun the same anew meanwhile must be found if he dies.
   */
  async leaveIndex(): Promise<void> {
    if (this.#indexVersion === undefined) return;
    await this.#options.store.delete(openKey(this.id), this.#indexVersion);
  }

  /** Puts the next recovery off. */
  async postpone(work: Postponement): Promise<void> {
    if (!this.#found || !isOpen(this.#found.entry)) return;
    const until = { timeToLiveMs: unfinishedLifetimeMs };
    this.#indexVersion = await this.#options.store.set(openKey(this.id), JSON.stringify(work), until);
  }

  async release(): Promise<void> {
    await this.#lease.release();
  }

  async #write(entry: JournalEntry, timeToLiveMs: number): Promise<void> {
    const { store, sealer } = this.#options;
    if (this.signal.aborted) throw this.#lost();
    const key = entryKey(this.id);
    const sealed = sealer.seal(writeEntry(entry), key);
    const version = await store.compareAndSet(key, this.#found?.version, sealed, { timeToLiveMs });
    if (version === undefined) throw this.#lost();
    this.#found = { entry, version };
  }

  #lost(): AppError {
    return new AppError('unavailable', 'Another instance has taken this over.');
  }
}
