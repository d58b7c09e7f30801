import type { Clock } from './clock.ts';

/** A point in time by which a request must be answered. Immutable. */
export class Deadline {
  /** On the timeline of `clock.now()`, in milliseconds. */
  readonly at: number;
  readonly #clock: Clock;

  constructor(at: number, clock: Clock) {
    this.at = at;
    this.#clock = clock;
  }

  static after(timeoutMs: number, clock: Clock): Deadline {
    return new Deadline(clock.now() + timeoutMs, clock);
  }

  /** Milliseconds left; 0 when it has passed. */
  remainingMs(): number {
    return Math.max(0, this.at - this.#clock.now());
  }

  get expired(): boolean {
    return this.remainingMs() === 0;
  }

  /** The earlier of this deadline and `timeoutMs` from now. */
  within(timeoutMs: number): Deadline {
    return new Deadline(Math.min(this.at, this.#clock.now() + timeoutMs), this.#clock);
  }
}
