/** How many of the latest latencies count. */
const windowSize = 256;
/** Sorting for every call would cost more than an answer that is a few calls old. */
const refreshEvery = 16;
/** With fewer, a p99 says nothing. */
const fewest = 50;

/** A quantile of the latest latencies of one operation. */
export class LatencyQuantile {
  readonly #quantile: number;
  readonly #samples = new Float64Array(windowSize);
  #count = 0;
  #valueMs: number | undefined;

  constructor(quantile: number) {
    this.#quantile = quantile;
  }

  record(latencyMs: number): void {
    this.#samples[this.#count++ % windowSize] = latencyMs;
    if (this.#count >= fewest && this.#count % refreshEvery === 0) this.#refresh();
  }

  /** Milliseconds; undefined until there are enough samples. */
  get valueMs(): number | undefined {
    return this.#valueMs;
  }

  #refresh(): void {
    const size = Math.min(this.#count, windowSize);
    const sorted = this.#samples.slice(0, size).sort();
    this.#valueMs = sorted[Math.min(size - 1, Math.floor(this.#quantile * size))];
  }
}
