import { SampleWindow } from './sample-window.ts';

/** How the limit is estimated; the README gives every value's reason and source. Times in milliseconds. */
export interface GradientLimitOptions {
  readonly minLimit: number;
  readonly startLimit: number;
  readonly maxLimit: number;
  /** Up to this multiple of the unloaded duration, waiting is not held against the limit. */
  readonly tolerance: number;
  /** Calls that may wait inside the server beyond that; or the square root of the limit, if that is more. */
  readonly queue: number;
  /** Share of the way from the old limit to the new one that one window goes. */
  readonly smoothing: number;
  readonly windowMs: number;
  readonly windowCalls: number;
  readonly probeEveryMs: number;
}

/** Half of what fills the server: low enough that nothing waits, high enough that probing costs about 1 % of the goodput. */
const quietShare = 0.5;
const baselineGain = 0.1;
const probeGain = 0.5;
/** A probe counts for more than a window and is rare, so it takes more calls. */
const windowsPerProbe = 2;
/** A limit is never cut by more than half of itself in one estimate (Gradient2 does the same), so that outliers cannot. */
const steepest = 0.5;
const droppedShare = 0.1;
const droppedGradient = 0.8;
const longestWindowMs = 1_000;
/**
 * When so many calls are given up, the floor itself lets in too many: it falls with each such window, and comes back
 * little by little with each window in which hardly any are (additive increase, multiplicative decrease, as TCP's).
 * The values are what the simulation of a slow service found best.
 */
const hopelessShare = 0.2;
const floorFall = 0.7;
const floorRise = 0.1;
const leastFloor = 4;

/** Where the estimate stands: free, waiting for calls above the probe's limit to end, or measuring under it. */
type Phase =
  | { readonly kind: 'free' }
  | { readonly kind: 'draining'; readonly limit: number; readonly until: number }
  | { readonly kind: 'measuring'; readonly limit: number; readonly since: number; readonly until: number };

/**
 * How many calls this process can usefully work on at once, learnt from how long they take.
 * After Netflix's Gradient2 and Envoy's gradient controller: `limit × tolerance × unloaded ÷ present + queue`, smoothed.
 * Unlike Gradient2, the unloaded duration is no long-term average, which a long overload would carry upwards, and the limit
 * with it; it is measured, as Envoy and BBR do, by admitting half as much for a moment while calls are being refused anyway.
 */
export class GradientLimit {
  readonly #options: GradientLimitOptions;
  #limit: number;
  #floor: number;
  #baselineMs = 0;
  #latencyMs = 0;
  #window: SampleWindow;
  #phase: Phase = { kind: 'free' };
  #nextProbeAt: number;

  constructor(options: GradientLimitOptions, now: number) {
    this.#options = options;
    this.#limit = options.startLimit;
    this.#floor = options.minLimit;
    this.#window = new SampleWindow(now);
    this.#nextProbeAt = now;
  }

  /** The most calls at once, whatever their priority. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** The most calls at once for all but the critical: less than `limit` while a probe runs. */
  get ordinaryLimit(): number {
    return this.#phase.kind === 'free' ? this.limit : Math.min(this.limit, this.#phase.limit);
  }

  get baselineMs(): number {
    return this.#baselineMs;
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  admitted(inFlight: number): void {
    this.#window.sawInFlight(inFlight);
  }

  refused(now: number): void {
    this.#window.sawRefusal();
    // Nothing else may come to an end under a probe that admits too little.
    if (this.#phase.kind !== 'free' && now >= this.#phase.until) this.#endProbe(now);
  }

  /** A call has ended well, or was dropped: `durationMs` after `startedAt`, with `inFlight` others left. */
  sample(now: number, startedAt: number, dropped: boolean, inFlight: number): void {
    const phase = this.#phase;
    if (phase.kind === 'draining') {
      if (inFlight <= phase.limit || now >= phase.until) {
        this.#phase = { ...phase, kind: 'measuring', since: now };
        this.#window = new SampleWindow(now);
      }
      return;
    }
    // Calls that started before the server was quiet have waited for others.
    if (phase.kind === 'measuring' && startedAt < phase.since) return;
    this.#window.add(now - startedAt, dropped);
    if (phase.kind === 'measuring') {
      if (this.#window.calls >= windowsPerProbe * this.#options.windowCalls || now >= phase.until)
        this.#endProbe(now);
      return;
    }
    const windowMs = Math.min(longestWindowMs, Math.max(this.#options.windowMs, 2 * this.#latencyMs));
    if (this.#window.calls >= this.#options.windowCalls && now - this.#window.startedAt >= windowMs)
      this.#closeWindow(now);
  }

  #closeWindow(now: number): void {
    const window = this.#window;
    this.#window = new SampleWindow(now);
    this.#latencyMs = window.meanMs;
    const quiet = window.maxInFlight <= this.#quietLimit();
    if (this.#baselineMs === 0) this.#baselineMs = this.#latencyMs;
    if (quiet || this.#latencyMs < this.#baselineMs) this.#moveBaseline(this.#latencyMs, baselineGain);
    this.#moveFloor(window);
    this.#moveLimit(window);
    // Only while calls are refused: a probe refuses some too, which a healthy server must not.
    if (window.refusals > 0 && now >= this.#nextProbeAt) this.#startProbe(now);
  }

  #moveFloor({ calls, dropped }: SampleWindow): void {
    const { minLimit } = this.#options;
    const share = dropped / calls;
    if (share > hopelessShare)
      this.#floor = Math.max(Math.min(minLimit, leastFloor), this.#floor * floorFall);
    else if (share <= droppedShare) this.#floor = Math.min(minLimit, this.#floor + floorRise);
  }

  #moveLimit(window: SampleWindow): void {
    const { tolerance, queue, smoothing, maxLimit } = this.#options;
    const old = this.#limit;
    let gradient = Math.min(1, (tolerance * this.#baselineMs) / this.#latencyMs);
    if (window.dropped > window.calls * droppedShare) gradient = Math.min(gradient, droppedGradient);
    const wanted = old * Math.max(steepest, gradient) + Math.max(queue, Math.sqrt(old));
    // Without need there is no evidence that more would work; without this rule an idle server's limit would only grow.
    const needed = window.refusals > 0 || window.maxInFlight >= old / 2;
    if (wanted > old && !needed) return;
    this.#limit = Math.min(maxLimit, Math.max(this.#floor, old + smoothing * (wanted - old)));
  }

  /** What the server works on at once when it is full is `limit × unloaded ÷ present` (Little's law); half of that is quiet. */
  #quietLimit(): number {
    const full =
      this.#latencyMs === 0 ? this.#limit : this.#limit * Math.min(1, this.#baselineMs / this.#latencyMs);
    return Math.max(Math.floor(this.#floor), Math.floor(full * quietShare));
  }

  #startProbe(now: number): void {
    const limit = this.#quietLimit();
    this.#phase = { kind: 'draining', limit, until: now + longestWindowMs };
  }

  #endProbe(now: number): void {
    const window = this.#window;
    this.#phase = { kind: 'free' };
    this.#window = new SampleWindow(now);
    this.#nextProbeAt = now + this.#options.probeEveryMs;
    if (window.calls === 0) return;
    // Far from what was believed: the belief came from an overload, or what calls wait for has become slower. The next probe,
    // from a truer start, comes soon.
    const surprise = window.meanMs / this.#baselineMs;
    if (surprise < 0.8 || surprise > 1.5) this.#nextProbeAt = now + longestWindowMs;
    this.#moveBaseline(window.meanMs, probeGain);
  }

  #moveBaseline(towardsMs: number, gain: number): void {
    this.#baselineMs += (towardsMs - this.#baselineMs) * gain;
  }
}
