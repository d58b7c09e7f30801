const buckets = 10;
const bucketMs = 1_000;

/** Over how long results count, in milliseconds. */
export const outcomeWindowMs = buckets * bucketMs;

/**
 * Results of the last ten seconds in ten exact one-second buckets: a bucket leaves as a whole, when its second is ten
 * seconds past. No decay, so "under 80 % of at least 5 results" means just that.
 */
export class OutcomeWindow {
  readonly #totals = new Float64Array(buckets);
  readonly #failures = new Float64Array(buckets);
  #second = 0;
  #total = 0;
  #failed = 0;

  record(failed: boolean, now: number): void {
    this.#advance(now);
    const index = this.#second % buckets;
    this.#totals[index] = (this.#totals[index] ?? 0) + 1;
    this.#total++;
    if (!failed) return;
    this.#failures[index] = (this.#failures[index] ?? 0) + 1;
    this.#failed++;
  }

  totalAt(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  failedAt(now: number): number {
    this.#advance(now);
    return this.#failed;
  }

  /** Share of failures; 0 without results. */
  failureShareAt(now: number): number {
    this.#advance(now);
    return this.#total === 0 ? 0 : this.#failed / this.#total;
  }

  clear(): void {
    this.#totals.fill(0);
    this.#failures.fill(0);
    this.#total = 0;
    this.#failed = 0;
  }

  #advance(now: number): void {
    const second = Math.floor(now / bucketMs);
    if (second <= this.#second) return;
    if (second - this.#second >= buckets) this.clear();
    else for (let passed = this.#second + 1; passed <= second; passed++) this.#drop(passed % buckets);
    this.#second = second;
  }

  #drop(index: number): void {
    this.#total -= this.#totals[index] ?? 0;
    this.#failed -= this.#failures[index] ?? 0;
    this.#totals[index] = 0;
    this.#failures[index] = 0;
  }
}
