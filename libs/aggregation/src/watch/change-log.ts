import { watchedSources, type OrderChange, type WatchedSource } from './order-change.ts';

interface Entry {
  readonly sequence: number;
  readonly change: OrderChange;
}

/**
 * The latest changes of one order in the order of their arrival, shared by all its readers: a slow one costs its
 * position and no buffer.
 */
export class ChangeLog {
  readonly #limit: number;
  #entries: Entry[] = [];
  #sequence = 0;
  readonly #covers: Record<WatchedSource, number> = { order: 0, payment: 0, shipment: 0 };

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Every change of this source after this revision has been, or will be, in the log. */
  covers(source: WatchedSource): number {
    return this.#covers[source];
  }

  append(change: OrderChange): void {
    this.#entries.push({ sequence: ++this.#sequence, change });
    if (this.#entries.length <= this.#limit) return;
    const oldest = this.#entries.shift();
    if (!oldest) return;
    const { source, revision } = oldest.change;
    this.#covers[source] = Math.max(this.#covers[source], revision);
  }

  /** Forgets a source's changes, since those after `revision` are about to be read again: all in their order. */
  rewind(source: WatchedSource, revision: number): void {
    this.#entries = this.#entries.filter(({ change }) => change.source !== source);
    this.#covers[source] = revision;
  }

  /** The entries after a sequence number, oldest first. */
  after(sequence: number): readonly Entry[] {
    let from = this.#entries.length;
    while (from > 0 && (this.#entries[from - 1]?.sequence ?? 0) > sequence) from--;
    return this.#entries.slice(from);
  }

  /** Has a reader at this position missed changes that are no longer kept? */
  hasPassed(position: Readonly<Record<WatchedSource, number>>, sources: readonly WatchedSource[]): boolean {
    return watchedSources.some(
      (source) => sources.includes(source) && this.#covers[source] > position[source],
    );
  }
}
