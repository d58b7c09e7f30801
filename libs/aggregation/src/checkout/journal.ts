import { AppError } from '@bff/core';
import { isOpen, readEntry, writeEntry, type JournalEntry } from './checkout-entry.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { CheckoutStore, Sealer, StoreLease } from './state-store.ts';

/** Work that nobody could finish for so long is given up; the services know its keys as long. */
const unfinishedLifetimeMs = 7 * 24 * 60 * 60 * 1_000;

const entryKey = (id: string) => `checkout/entry/${id}`;
const openPrefix = 'checkout/open/';
const openKey = (id: string) => openPrefix + id;
const leaseName = (id: string) => `checkout/${id}`;

export interface JournalOptions {
  store: CheckoutStore;
  sealer: Sealer;
  times: CheckoutTimes;
}

/** An entry together with the version that its next writer must know. */
interface Found {
  readonly entry: JournalEntry;
  readonly version: string;
}

/** Unfinished work, as it stands in the index. */
export interface OpenWork {
  readonly id: string;
  /** How often a recovery has failed. */
  readonly tries: number;
  /** Milliseconds since 1970; no recovery before that. */
  readonly notBefore: number;
}

/**
 * What is written down about every piece of work before and after each of its steps. Entries are sealed. Beside them an
 * index names the unfinished ones, so that looking for them costs nothing when there are none.
 */
export class Journal {
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  async read(id: string): Promise<JournalEntry | undefined> {
    return (await this.#find(id))?.entry;
  }

  /** The right to work on it alone; undefined while somebody else has it. */
  async claim(id: string): Promise<Claim | undefined> {
    const { store, times } = this.#options;
    const lease = await store.acquireLease(leaseName(id), { timeToLiveMs: times.leaseMs });
    if (!lease) return undefined;
    try {
      return new Claim(this.#options, id, lease, await this.#find(id));
    } catch (thrown) {
      await lease.release().catch(() => undefined);
      throw thrown;
    }
  }

  /** Unfinished work, one page after the other. */
  async *listOpen(pageSize = 100): AsyncGenerator<OpenWork> {
    for (let after: string | undefined; ;) {
      const options = after === undefined ? { limit: pageSize } : { limit: pageSize, after };
      const page = await this.#options.store.list(openPrefix, options);
      for (const { key, value } of page) {
        yield { id: key.slice(openPrefix.length), ...(JSON.parse(value) as Omit<OpenWork, 'id'>) };
      }
      after = page.at(-1)?.key;
      if (page.length < pageSize) return;
    }
  }

  async #find(id: string): Promise<Found | undefined> {
    const { store, sealer } = this.#options;
    const stored = await store.get(entryKey(id));
    if (!stored) return undefined;
    return { entry: readEntry(sealer.open(stored.value, entryKey(id))), version: stored.version };
  }
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
  #indexed = false;

  constructor(options: JournalOptions, id: string, lease: StoreLease, found: Found | undefined) {
    this.#options = options;
    this.id = id;
    this.signal = lease.signal;
    this.#lease = lease;
    this.#found = found;
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
    if (!this.#indexed) await this.postpone({ tries: 0, notBefore: 0 });
    this.#indexed = true;
  }

  /** Writes how it ended, to be answered from for the published time. */
  async finish(entry: JournalEntry): Promise<void> {
    await this.#write(entry, this.#options.times.outcomeLifetimeMs);
    await this.leaveIndex();
  }

  /** Forgets it. */
  async remove(): Promise<void> {
    if (this.#found) await this.#options.store.delete(entryKey(this.id), this.#found.version);
    await this.leaveIndex();
  }

  /** There is nothing left to recover. */
  async leaveIndex(): Promise<void> {
    await this.#options.store.delete(openKey(this.id));
  }

  /** Puts the next recovery off. */
  async postpone(work: Omit<OpenWork, 'id'>): Promise<void> {
    if (!this.#found || !isOpen(this.#found.entry)) return;
    const until = { timeToLiveMs: unfinishedLifetimeMs };
    await this.#options.store.set(openKey(this.id), JSON.stringify(work), until);
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
