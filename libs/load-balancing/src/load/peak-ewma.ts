/**
 * Latency of one instance, sensitive to peaks: a slower sample counts at once, a faster one decays in, so that trouble
 * is seen immediately and believed to be over only slowly. With time and no samples the estimate decays towards 0:
 * an instance that was avoided is tried again.
 * Source: finagle `loadbalancer/PeakEwma.scala`; unevenly spaced samples after Eckner.
 */
export class PeakEwma {
  readonly #decayMs: number;
  #valueMs = 0;
  #at = 0;
  #sampled = false;

  constructor(decayMs: number) {
    this.#decayMs = decayMs;
  }

  get sampled(): boolean {
    return this.#sampled;
  }

  /** The estimate at its last sample, without the decay since. */
  get lastMs(): number {
    return this.#valueMs;
  }

  observe(sampleMs: number, now: number): void {
    if (!this.#sampled || sampleMs >= this.#valueMs) {
      this.#valueMs = sampleMs;
      this.#sampled = true;
    } else {
      const kept = Math.exp((this.#at - now) / this.#decayMs);
      this.#valueMs = this.#valueMs * kept + sampleMs * (1 - kept);
    }
    this.#at = now;
  }

  /** A sample that says "at least this long": it can make the estimate worse, never better. */
  observeAtLeast(sampleMs: number, now: number): void {
    if (sampleMs > this.estimateAt(now)) this.observe(sampleMs, now);
  }

  /** Milliseconds; 0 before the first sample. */
  estimateAt(now: number): number {
    return now <= this.#at ? this.#valueMs : this.#valueMs * Math.exp((this.#at - now) / this.#decayMs);
  }

  /** Forgets everything before `sampleMs`. */
  restart(sampleMs: number | undefined, now: number): void {
    this.#sampled = false;
    this.#valueMs = 0;
    if (sampleMs !== undefined) this.observe(sampleMs, now);
  }
}
