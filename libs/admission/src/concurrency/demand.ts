/** A rush is noticed within two seconds, its places are given back over six: a refused checkout costs more than an idle place. */
const riseMs = 2_000;
const fallMs = 6_000;
/** Arrivals that do not know of each other vary by the square root of their mean; four of it leaves about 1 in 10 000 outside. */
const deviations = 4;

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
    const wanted = Math.ceil(1 + this.#mean + deviations * Math.sqrt(this.#mean));
    return Math.max(0, Math.min(most, Math.max(least, wanted)) - this.inFlight);
  }

  #settle(now: number): void {
    const elapsedMs = now - this.#at;
    if (elapsedMs <= 0) return;
    const memoryMs = this.inFlight > this.#mean ? riseMs : fallMs;
    this.#mean += (this.inFlight - this.#mean) * (1 - Math.exp(-elapsedMs / memoryMs));
    this.#at = now;
  }
}
