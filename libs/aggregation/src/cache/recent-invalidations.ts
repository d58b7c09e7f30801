/** The tags that were invalidated while something was being fetched; those that no fetch can have missed are forgotten. */
export class RecentInvalidations {
  /** The number of the latest invalidation by tag, oldest first. */
  readonly #latest = new Map<string, number>();
  /** Of each fetch under way, how many invalidations there had been as it began; oldest first. */
  readonly #underWay = new Set<{ readonly begun: number }>();
  #count = 0;
  /** The number of the latest invalidation of everything. */
  #latestOfAll = 0;

  get size(): number {
    return this.#latest.size;
  }

  add(tags: readonly string[]): void {
    this.#count++;
    if (this.#underWay.size === 0) return;
    for (const tag of tags) {
      // A Map keeps the order of insertion: what comes again moves to its end.
      this.#latest.delete(tag);
      this.#latest.set(tag, this.#count);
    }
  }

  /** Everything is invalidated, whatever its tags. */
  addAll(): void {
    this.#latestOfAll = ++this.#count;
  }

  /** Begins a fetch. `missed` says whether one of the tags was invalidated since; `end` must be called once. */
  begin(): { missed(tags: readonly string[]): boolean; end(): void } {
    const fetch = { begun: this.#count };
    this.#underWay.add(fetch);
    return {
      missed: (tags) =>
        this.#latestOfAll > fetch.begun || tags.some((tag) => (this.#latest.get(tag) ?? 0) > fetch.begun),
      end: () => {
        this.#underWay.delete(fetch);
        this.#forget();
      },
    };
  }

  #forget(): void {
    const [oldest] = this.#underWay;
    const needed = oldest?.begun ?? Infinity;
    for (const [tag, number] of this.#latest) {
      if (number > needed) return;
      this.#latest.delete(tag);
    }
  }
}
