import type { Endpoint, EjectionReason, EndpointSnapshot } from './endpoint.ts';
import { OutcomeWindow } from './load/outcome-window.ts';
import { PeakEwma } from './load/peak-ewma.ts';
import { PendingAttempts } from './load/pending-attempts.ts';
import { warmthAfter } from './load/slow-start.ts';
import { hashOf } from './pickers/hash.ts';
import type { Policy } from './policy.ts';

/** Shorter pauses are those of garbage collection and of a busy machine. */
const silentAfterMs = 250;
const timesLatency = 4;

/** Set aside for its results, until a probe succeeds. */
export interface Ejection {
  readonly reason: EjectionReason;
  readonly since: number;
  readonly until: number;
}

/** What is known about one instance. Measures and remembers; decides nothing. */
export class EndpointState {
  endpoint: Endpoint;
  weight: number;
  readonly hash: number;
  readonly latency: PeakEwma;
  readonly results = new OutcomeWindow();
  readonly attempts = new PendingAttempts();
  pending = 0;
  picks = 0;
  /** Credit of the smooth weighted round robin. */
  credit = 0;

  /** Failures since the last success, those by overload left out. */
  consecutiveFailures = 0;
  /** The same with those by overload: they are no reason to eject, but one to go elsewhere. */
  failuresInRow = 0;
  /** When the first attempt of that row started. */
  rowSince = 0;
  /** Since when the latest result is a failure; undefined while it is a success. */
  doubtedSince: number | undefined;
  /** Attempts out that started since. */
  exposed = 0;
  /** Successes in a row that were far slower than the peers', and when the first of them came. */
  slowResults = 0;
  slowSince = 0;
  /** It should be ejected, but too few would be left. */
  condemned = false;
  /** The latest that is known of it: it does not accept connections. */
  refusing = false;
  /** When it last answered, for better or worse. */
  answeredAt = -Infinity;
  ejection: Ejection | undefined;
  /** How often in a row it was ejected; decides how long the next one lasts. */
  ejections = 0;
  returnedAt = -Infinity;
  /** When the probe now out was sent. */
  probeSince: number | undefined;
  healthy = true;
  draining = false;
  /** Attempts that started earlier tell of a state that has passed: they count for no verdict. */
  judgedFrom = -Infinity;

  readonly #policy: Policy;
  #warmingSince: number | undefined;

  constructor(endpoint: Endpoint, policy: Policy) {
    this.endpoint = endpoint;
    this.weight = endpoint.weight ?? 1;
    this.hash = hashOf(endpoint.id);
    this.latency = new PeakEwma(policy.load.decayMs);
    this.#policy = policy;
  }

  get available(): boolean {
    return this.healthy && this.ejection === undefined;
  }

  startSlowly(now: number): void {
    this.#warmingSince = now;
    this.credit = 0;
  }

  get warming(): boolean {
    return this.#warmingSince !== undefined;
  }

  /** 1 when warm. */
  warmthAt(now: number): number {
    if (this.#warmingSince === undefined) return 1;
    const warmth = warmthAfter(now - this.#warmingSince, this.#policy.slowStart);
    if (warmth >= 1) this.#warmingSince = undefined;
    return warmth;
  }

  /** Its claim to traffic now. */
  effectiveWeightAt(now: number): number {
    return this.#warmingSince === undefined ? this.weight : this.weight * this.warmthAt(now);
  }

  /**
   * Whether those out, if they fail like the latest one, are enough to eject it: then no more should follow until one
   * of them has ended. With none out there is always room for one, or it could never show that it works again.
   */
  get exposedEnough(): boolean {
    return (
      this.exposed > 0 &&
      this.doubtedSince !== undefined &&
      this.consecutiveFailures + this.exposed >= this.#policy.ejection.consecutiveFailures
    );
  }

  /** After an ejection or a return: what counted towards it counts no more. */
  resetVerdict(now: number): void {
    this.consecutiveFailures = 0;
    this.failuresInRow = 0;
    this.doubtedSince = undefined;
    this.exposed = 0;
    this.slowResults = 0;
    this.condemned = false;
    this.probeSince = undefined;
    this.judgedFrom = now;
  }

  /**
   * It owes an answer for far longer than it ever took, and has given none to anybody meanwhile: frozen, as likely as
   * not, before any timeout or health check has told.
   */
  silentAt(now: number): boolean {
    const owed = this.attempts.oldestAgeAt(now);
    if (owed <= silentAfterMs || now - this.answeredAt <= silentAfterMs) return false;
    return owed > timesLatency * this.latency.lastMs;
  }

  snapshot(now: number, allPicks: number): EndpointSnapshot {
    const state = this.draining ? 'draining' : this.available ? 'available' : 'ejected';
    const total = this.results.totalAt(now);
    return {
      ...this.endpoint,
      state,
      pending: this.pending,
      ewmaMs: this.latency.sampled ? this.latency.estimateAt(now) : undefined,
      successRate: total === 0 ? undefined : 1 - this.results.failureShareAt(now),
      share: allPicks === 0 ? 0 : this.picks / allPicks,
      picks: this.picks,
      ejection: this.healthy ? this.ejection?.reason : 'unhealthy',
      probeInMs: this.ejection && Math.max(0, this.ejection.until - now),
      warmth: this.warmthAt(now),
    };
  }
}
