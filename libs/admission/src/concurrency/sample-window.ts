/** What was seen since the last estimate. */
export class SampleWindow {
  readonly startedAt: number;
  #sumMs = 0;
  calls = 0;
  dropped = 0;
  refusals = 0;
  maxInFlight = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  add(durationMs: number, dropped: boolean): void {
    // A clock that counts in whole milliseconds would call a fast answer free, and nothing is proportional to 0.
    this.#sumMs += Math.max(durationMs, 0.05);
    this.calls++;
    if (dropped) this.dropped++;
  }

  sawInFlight(inFlight: number): void {
    if (inFlight > this.maxInFlight) this.maxInFlight = inFlight;
  }

  sawRefusal(): void {
    this.refusals++;
  }

  /** The mean: of a window with cheap and dear calls, a quantile would jump between the two kinds. */
  get meanMs(): number {
    return this.#sumMs / this.calls;
  }
}
