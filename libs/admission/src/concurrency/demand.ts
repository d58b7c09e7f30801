/** How long the past counts: a rush is noticed within a second or two, a lull gives the places back as soon. */
const memoryMs = 2_000;
/** Arrivals that do not know of each other vary by the square root of their mean; three of it leaves 1 in 1 000 outside. */
const headroom = 3;

/** How many places calls of one priority will want at once, judged by how many they held lately. */
export class Demand {
  inFlight = 0;
  #mean = 0;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  change(by: 1 | -1, now: number): void {
    this.#settle(now);
    this.inFlight += by;
  }

  /** Places to keep for calls to come, beyond those held now, between `least` and `most`. */
  unused(now: number, least: number, most: number): number {
    this.#settle(now);
    const wanted = Math.ceil(this.#mean + headroom * Math.sqrt(this.#mean));
    return Math.max(0, Math.min(most, Math.max(least, wanted)) - this.inFlight);
  }

  #settle(now: number): void {
    const elapsedMs = now - this.#at;
    if (elapsedMs <= 0) return;
    this.#mean += (this.inFlight - this.#mean) * (1 - Math.exp(-elapsedMs / memoryMs));
    this.#at = now;
  }
}
