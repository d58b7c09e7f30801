import type { HealthCheckPolicy } from '../policy.ts';

/** Turns single results into a verdict: so many failures in a row until it falls, so many passes until it rises. */
export class HealthRecord {
  readonly #policy: Pick<HealthCheckPolicy, 'fall' | 'rise'>;
  #healthy = true;
  #against = 0;

  constructor(policy: Pick<HealthCheckPolicy, 'fall' | 'rise'>) {
    this.#policy = policy;
  }

  /** The verdict after this result. */
  add(passed: boolean): boolean {
    this.#against = passed === this.#healthy ? 0 : this.#against + 1;
    if (this.#against >= (this.#healthy ? this.#policy.fall : this.#policy.rise)) {
      this.#healthy = !this.#healthy;
      this.#against = 0;
    }
    return this.#healthy;
  }

  /** Unhealthy, or on the way to another verdict: worth asking more often. */
  get inDoubt(): boolean {
    return !this.#healthy || this.#against > 0;
  }
}
