import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on by `ms`, firing due timers in order; promises settle between them. */
  advance(ms: number): Promise<void>;
  /** Timers not yet fired nor cancelled: 0 at the end of a test shows that nothing leaks. */
  pendingTimers(): number;
}

/** Virtual time for tests: nothing moves unless `advance` is called. */
export function createManualClock(start = new Date('2026-01-01T00:00:00Z')): ManualClock {
  let now = 0;
  let sequence = 0;
  const timers = new Map<number, { at: number; run: () => void }>();

  const nextDue = (until: number) =>
    [...timers.entries()]
      .filter(([, timer]) => timer.at <= until)
      .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];

  return {
    now: () => now,
    date: () => new Date(start.getTime() + now),
    after(delayMs, run) {
      const id = ++sequence;
      timers.set(id, { at: now + delayMs, run });
      return () => {
        timers.delete(id);
      };
    },
    pendingTimers: () => timers.size,
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let due = nextDue(end); due; due = nextDue(end)) {
        const [id, timer] = due;
        timers.delete(id);
        now = timer.at;
        timer.run();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets every promise that can settle do so. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
