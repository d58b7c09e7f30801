import type { Clock } from '@bff/core';
import {
  createConcurrencyLimiter,
  type ConcurrencyLimiter,
  type ConcurrencyTuning,
  type Priority,
} from '../index.ts';

/** A server as a queue: `workers` calls are worked on at once, the others wait in turn. */
export interface ModelledServer {
  readonly workers: number;
  /** How long work takes with `inFlight` calls in the server, in milliseconds. */
  workMs(random: () => number, inFlight: number, now: number): number;
}

export interface Arrivals {
  readonly priority: Priority;
  /** Calls per second at `now`; arrivals do not wait for answers (open loop) and do not know of each other. */
  rate(now: number): number;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly server: ModelledServer;
  readonly arrivals: readonly Arrivals[];
  readonly seconds: number;
  /** Nothing is counted before. */
  readonly countFromSeconds?: number;
  /** Undefined: no limiter, the control. */
  readonly tuning: Partial<ConcurrencyTuning> | undefined;
  /** An answer after this is of no use; the work is done all the same. */
  readonly deadlineMs?: number;
  /** Whoever waits gives up at the deadline, and what it asked for is worked on all the same: an upstream that knows no cancelling. */
  readonly callersLeave?: boolean;
  readonly everySecond?: (limiter: ConcurrencyLimiter | undefined, second: number) => void;
}

export interface Tally {
  offered: number;
  refused: number;
  late: number;
  good: number;
  /** Durations of the good ones. */
  readonly durations: number[];
}

export type SimulationResult = Record<Priority, Tally>;

/** Real limiter, virtual time, seeded randomness: the same numbers on every machine. */
export function simulateOverload(options: SimulationOptions): SimulationResult {
  const { seconds, countFromSeconds = 0, deadlineMs = 1_000, server } = options;
  const random = seeded(options.seed);
  const agenda = new Agenda();
  const clock: Clock = {
    now: () => agenda.now,
    date: () => new Date(agenda.now),
    after: () => {
      throw new Error('The limiter must not set timers.');
    },
  };
  const limiter = options.tuning && createConcurrencyLimiter({ clock, ...options.tuning });
  const result = { critical: tally(), normal: tally(), background: tally() };
  const waiting: (() => void)[] = [];
  let working = 0;
  let head = 0;

  const work = (done: () => void) => {
    working++;
    agenda.in(server.workMs(random, working + waiting.length - head, agenda.now), () => {
      working--;
      done();
      const next = waiting[head];
      if (next !== undefined && working < server.workers) {
        head++;
        next();
      }
    });
  };
  const arrive = (priority: Priority) => {
    const startedAt = agenda.now;
    const counted = startedAt >= countFromSeconds * 1_000 ? result[priority] : tally();
    counted.offered++;
    let permit;
    try {
      permit = limiter?.acquire(priority);
    } catch {
      counted.refused++;
      return;
    }
    if (options.callersLeave === true) agenda.in(deadlineMs, () => permit?.done('dropped'));
    const finish = () => {
      const durationMs = agenda.now - startedAt;
      permit?.done(durationMs > deadlineMs ? 'dropped' : 'success');
      if (durationMs > deadlineMs) counted.late++;
      else {
        counted.good++;
        counted.durations.push(durationMs);
      }
    };
    if (working < server.workers) work(finish);
    else
      waiting.push(() => {
        work(finish);
      });
  };
  for (const { priority, rate } of options.arrivals) {
    const next = () => {
      const perMs = rate(agenda.now) / 1_000;
      if (perMs === 0) {
        agenda.in(100, next);
        return;
      }
      agenda.in(exponential(random) / perMs, () => {
        arrive(priority);
        next();
      });
    };
    next();
  }
  for (let second = 1; second <= seconds; second++) {
    agenda.runUntil(second * 1_000);
    options.everySecond?.(limiter, second);
  }
  return result;
}

function tally(): Tally {
  return { offered: 0, refused: 0, late: 0, good: 0, durations: [] };
}

/** Exponentially distributed with mean 1. */
export function exponential(random: () => number): number {
  return -Math.log(1 - random());
}

/** mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Events in order of time: a binary heap. */
class Agenda {
  now = 0;
  readonly #heap: { at: number; run: () => void }[] = [];

  in(delayMs: number, run: () => void): void {
    const heap = this.#heap;
    const event = { at: this.now + delayMs, run };
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= event.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  runUntil(end: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= end; first = this.#heap[0]) {
      this.#removeFirst();
      this.now = first.at;
      first.run();
    }
    this.now = end;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      const smaller = right !== undefined && right.at < left.at ? right : left;
      if (smaller === right) child++;
      if (smaller.at >= last.at) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}
