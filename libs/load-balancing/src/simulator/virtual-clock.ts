import type { CancelTimer, Clock } from '@bff/core';

interface Timer {
  readonly at: number;
  /** Timers of the same instant fire in the order in which they were set. */
  readonly order: number;
  run: (() => void) | undefined;
}

const epochMs = Date.parse('2026-01-01T00:00:00Z');

/**
 * Virtual time that runs as fast as its events: a heap of timers, fired synchronously one after another.
 * `createManualClock` lets promises settle between timers; the balancer needs none, and this is a thousand times faster.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #cancelled = 0;
  readonly #heap: Timer[] = [];

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(epochMs + this.#now);
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(timer);
    return () => {
      if (timer.run === undefined) return;
      timer.run = undefined;
      this.#cancelled++;
    };
  }

  /** Timers that have neither fired nor been cancelled. */
  pendingTimers(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Fires everything due until `endMs`, and stands there. */
  runUntil(endMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= endMs; next = this.#heap[0]) {
      this.#pop();
      const { run } = next;
      if (run === undefined) {
        this.#cancelled--;
        continue;
      }
      this.#now = next.at;
      next.run = undefined;
      run();
    }
    this.#now = Math.max(this.#now, endMs);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isSooner(timer, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      if (child === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && isSooner(right, child)) {
        child = right;
        below++;
      }
      if (!isSooner(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}

function isSooner(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
