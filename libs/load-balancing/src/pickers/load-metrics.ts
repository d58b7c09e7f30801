import type { LoadMetric } from './picker.ts';

/** What an instance without any result is taken to cost: the latency that is usual among its peers, in milliseconds. */
export interface TypicalLatency {
  ms: number;
}

/**
 * Estimate × (pending + 1) ÷ weight: what this attempt will wait, if the instance works its queue off one by one.
 * The estimate is at least the age of the oldest unanswered attempt: an instance that freezes looks slow while it
 * is silent, not only once a timeout has told. An instance without results costs what is typical: it gets its
 * share, and no burst, which an estimate of 0 would bring. For the same reason no estimate fades below half of that:
 * of a pair that is hardly used, the one that was asked last would otherwise get nothing of a burst, the other everything.
 */
export function createPeakEwmaMetric(typical: TypicalLatency): LoadMetric {
  return (state, now) => {
    const { latency } = state;
    const known = latency.sampled
      ? Math.max(latency.estimateAt(now), Math.min(latency.lastMs, typical.ms / 2))
      : typical.ms;
    const owed = state.attempts.oldestAgeAt(now);
    return ((known > owed ? known : owed) * (state.pending + 1)) / state.weight;
  };
}

/** (Pending + 1) ÷ weight. The 1 is there so that weights count while nothing is pending. */
export const leastRequestMetric: LoadMetric = (state) => (state.pending + 1) / state.weight;
