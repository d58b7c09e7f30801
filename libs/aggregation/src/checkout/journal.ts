import { readEntry, type JournalEntry } from './checkout-entry.ts';
import { Claim, entryKey, openPrefix, type Found, type JournalOptions, type Postponement } from './claim.ts';

/** Unfinished work, as it stands in the index. */
export interface OpenWork extends Postponement {
  readonly id: string;
  /** Of its place in the index. */
  readonly version: string;
}

const leaseName = (id: string) => `checkout/${id}`;

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

  /**
   * The right to work on it alone; undefined while somebody else has it. `indexVersion` is where the index was seen to
   * name it.
   */
  async claim(id: string, indexVersion?: string): Promise<Claim | undefined> {
    const { store, times } = this.#options;
    const lease = await store.acquireLease(leaseName(id), { timeToLiveMs: times.leaseMs });
    if (!lease) return undefined;
    try {
      return new Claim(this.#options, { id, lease, found: await this.#find(id), indexVersion });
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
      for (const { key, value, version } of page) {
        yield { id: key.slice(openPrefix.length), version, ...(JSON.parse(value) as Postponement) };
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
