import { AppError, type Clock } from '@bff/core';
import { Demand } from './demand.ts';
import { GradientLimit } from './gradient-limit.ts';
import { readConcurrencyOptions, type ConcurrencyTuning } from './concurrency-options.ts';

/** From what must go through to what can wait: checkout · browsing · prefetching, reports. */
export const priorities = ['critical', 'normal', 'background'] as const;

export type Priority = (typeof priorities)[number];

/**
 * How an admitted call ended, as far as it says something about load:
 * - `success`: it was done, and how long it took counts;
 * - `dropped`: it was given up for taking too long, which is a sign of overload;
 * - `ignored`: it says nothing: the client left, the request was wrong, something else broke.
 */
export type PermitOutcome = 'success' | 'dropped' | 'ignored';

/** The right to work on one call. */
export interface Permit {
  /** Gives the place back; to be called once, whatever happened. Calling it again does nothing. */
  done(outcome: PermitOutcome): void;
}

export interface ConcurrencyLimiterOptions extends Partial<ConcurrencyTuning> {
  clock: Clock;
}

export interface PriorityState {
  readonly inFlight: number;
  readonly admitted: number;
  readonly refused: number;
}

/** For metrics and the admin page. */
export interface ConcurrencyState {
  readonly limit: number;
  readonly inFlight: number;
  /** How long calls take when nothing waits; 0 until known. */
  readonly baselineMs: number;
  /** How long they took lately. */
  readonly latencyMs: number;
  readonly priorities: Readonly<Record<Priority, PriorityState>>;
}

export interface ConcurrencyLimiter {
  /** Admits a call at once, or throws `unavailable` with `retryAfterMs` at once: nobody waits here. */
  acquire(priority: Priority): Permit;
  state(): ConcurrencyState;
}

/**
 * Keeps the number of calls in progress at what this process can do, which it learns from how long they take, and keeps
 * places for the more important ones. It has no timer and no queue. Throws a RangeError for options that make no sense.
 */
export function createConcurrencyLimiter(options: ConcurrencyLimiterOptions): ConcurrencyLimiter {
  return new AdaptiveConcurrencyLimiter(options.clock, readConcurrencyOptions(options));
}

interface Level {
  readonly demand: Demand;
  admitted: number;
  refused: number;
}

class AdaptiveConcurrencyLimiter implements ConcurrencyLimiter {
  readonly #clock: Clock;
  readonly #tuning: ConcurrencyTuning;
  readonly #estimate: GradientLimit;
  readonly #levels: Readonly<Record<Priority, Level>>;
  #inFlight = 0;
  #refusals = 0;

  constructor(clock: Clock, tuning: ConcurrencyTuning) {
    const now = clock.now();
    const level = (): Level => ({ demand: new Demand(now), admitted: 0, refused: 0 });
    this.#clock = clock;
    this.#tuning = tuning;
    this.#estimate = new GradientLimit(tuning, now);
    this.#levels = { critical: level(), normal: level(), background: level() };
  }

  acquire(priority: Priority): Permit {
    const now = this.#clock.now();
    const level = this.#levels[priority];
    if (!this.#hasRoom(priority, now)) throw this.#refusal(level, now);
    this.#inFlight++;
    level.admitted++;
    level.demand.change(1, now);
    this.#estimate.admitted(this.#inFlight);
    let held = true;
    return {
      done: (outcome) => {
        if (!held) return;
        held = false;
        this.#release(level, now, outcome);
      },
    };
  }

  state(): ConcurrencyState {
    const { limit, baselineMs, latencyMs } = this.#estimate;
    const of = ({ demand, admitted, refused }: Level) => ({ inFlight: demand.inFlight, admitted, refused });
    const { critical, normal, background } = this.#levels;
    return {
      limit,
      inFlight: this.#inFlight,
      baselineMs,
      latencyMs,
      priorities: { critical: of(critical), normal: of(normal), background: of(background) },
    };
  }

  #hasRoom(priority: Priority, now: number): boolean {
    const { limit, ordinaryLimit } = this.#estimate;
    if (this.#inFlight + this.#keptFrom(priority, now) >= limit) return false;
    // The critical take no part in probes.
    return priority === 'critical' || this.#inFlight < ordinaryLimit;
  }

  /** Places that calls of this priority must leave to more important ones; whatever those do not need is theirs. */
  #keptFrom(priority: Priority, now: number): number {
    if (priority === 'critical') return 0;
    const { limit } = this.#estimate;
    const least = Math.ceil(limit * this.#tuning.minReserve);
    const most = Math.floor(limit * this.#tuning.maxReserve);
    const critical = this.#levels.critical.demand.unused(now, least, most);
    if (priority === 'normal') return critical;
    return critical + this.#levels.normal.demand.unused(now, least, most);
  }

  #refusal(level: Level, now: number): AppError {
    level.refused++;
    this.#estimate.refused(now);
    // Spread evenly without a source of randomness (the golden ratio's multiples fill an interval evenly), so that those
    // who were refused together do not come back together.
    this.#refusals++;
    const spread = 1 + ((this.#refusals * 0.618_033_988_75) % 1);
    return new AppError('unavailable', 'The server is busy; try again in a moment.', {
      retryAfterMs: Math.round(this.#tuning.retryAfterMs * spread),
    });
  }

  #release(level: Level, startedAt: number, outcome: PermitOutcome): void {
    const now = this.#clock.now();
    this.#inFlight--;
    level.demand.change(-1, now);
    if (outcome !== 'ignored') this.#estimate.sample(now, startedAt, outcome === 'dropped', this.#inFlight);
  }
}
