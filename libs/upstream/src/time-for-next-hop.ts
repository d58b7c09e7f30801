import { deadlineExceeded, type Context } from '@bff/core';

/**
 * Whole milliseconds the next hop gets: what is left minus a margin, so that it gives up before this hop does
 * and its answer still arrives. Strictly less at every hop. Throws `deadline_exceeded` when nothing is left.
 */
export function timeForNextHop(context: Context, marginMs: number): number {
  const timeoutMs = Math.floor(context.deadline.remainingMs() - marginMs);
  if (timeoutMs < 1) throw deadlineExceeded();
  return timeoutMs;
}
