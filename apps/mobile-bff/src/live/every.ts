import type { Clock } from '@bff/core';

/** Calls `run` again and again, `intervalMs` apart, until the returned function is called. */
export function every(clock: Clock, intervalMs: number, run: () => void): () => void {
  let stop = clock.after(intervalMs, tick);
  function tick() {
    stop = clock.after(intervalMs, tick);
    run();
  }
  return () => stop();
}
