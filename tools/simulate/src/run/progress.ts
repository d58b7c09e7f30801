import type { Clock } from '@bff/core';

/** Says once a second how far it is, from the second second on. */
export function createProgress(clock: Clock, total: number, say: (line: string) => void): () => void {
  const startedAt = clock.now();
  let saidAt = startedAt;
  let done = 0;
  return () => {
    done++;
    const now = clock.now();
    if (done === total || now - saidAt < 1_000) return;
    saidAt = now;
    const leftMs = ((now - startedAt) / done) * (total - done);
    say(`${done} of ${total} runs, about ${Math.ceil(leftMs / 1_000)} s left`);
  };
}
