/** Counts what happened in the last so many seconds, in one-second buckets. */
export class SlidingCount {
  readonly #buckets: Float64Array;
  #second = 0;
  #sum = 0;

  constructor(seconds: number) {
    this.#buckets = new Float64Array(seconds);
  }

  add(now: number): void {
    this.#advance(now);
    const index = this.#second % this.#buckets.length;
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#sum++;
  }

  at(now: number): number {
    this.#advance(now);
    return this.#sum;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1_000);
    const passed = Math.min(second - this.#second, this.#buckets.length);
    for (let i = 1; i <= passed; i++) {
      const index = (this.#second + i) % this.#buckets.length;
      this.#sum -= this.#buckets[index] ?? 0;
      this.#buckets[index] = 0;
    }
    if (passed > 0) this.#second = second;
  }
}
