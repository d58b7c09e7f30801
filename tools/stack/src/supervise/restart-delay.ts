/** A process that was up for so long has recovered: its next death counts as the first. */
export const stableAfterMs = 10_000;

const maxDelayMs = 10_000;

/**
 * How long to wait before a process is started again after its `deaths`-th death in a row: the first wait, doubled each time,
 * up to 10 s (or the first wait, where that is longer). A process that dies at once is so started at most six times a minute.
 */
export function restartDelay(deaths: number, firstDelayMs: number): number {
  return Math.min(firstDelayMs * 2 ** (deaths - 1), Math.max(firstDelayMs, maxDelayMs));
}
