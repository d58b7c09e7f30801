import type { EndpointState } from '../endpoint-state.ts';
import type { Outcome } from '../outcome.ts';
import type { LoadPolicy } from '../policy.ts';

/** What a result says of now, however long ago its attempt began. */
export function noteSignOfLife(state: EndpointState, outcome: Outcome, now: number): void {
  if (outcome.kind === 'cancelled' || (outcome.kind === 'failure' && outcome.failure === 'timeout')) return;
  state.refusing = outcome.kind === 'failure' && outcome.failure === 'refused';
  state.answeredAt = now;
}

/** Takes a result into the measures of an instance; returns the latency of a success, if it says something. */
export function recordOutcome(
  state: EndpointState,
  outcome: Outcome,
  { startedAt, stream }: { readonly startedAt: number; readonly stream: boolean },
  now: number,
  policy: LoadPolicy,
): number | undefined {
  switch (outcome.kind) {
    case 'success': {
      state.results.record(false, now);
      state.doubtedSince = undefined;
      state.exposed = 0;
      // One that began before the failures did says nothing about now: many are still out when an instance breaks.
      if (startedAt >= state.rowSince) {
        state.failuresInRow = 0;
        state.consecutiveFailures = 0;
      }
      const latencyMs = stream ? undefined : outcome.latencyMs;
      if (latencyMs !== undefined) state.latency.observe(latencyMs, now);
      return latencyMs;
    }
    case 'cancelled':
      // It took at least that long. Taken as a plain sample, an instance whose callers leave early would look fast.
      if (!stream) state.latency.observeAtLeast(outcome.elapsedMs, now);
      return undefined;
    case 'failure':
      state.results.record(true, now);
      if (state.failuresInRow++ === 0) state.rowSince = startedAt;
      if (outcome.failure !== 'overloaded') {
        state.consecutiveFailures++;
        state.doubtedSince ??= now;
      }
      state.latency.observeAtLeast(penaltyMs(state, outcome, now, policy), now);
      return undefined;
  }
}

/**
 * A fast failure must not attract traffic, so it counts as slow: by the penalty (or Retry-After, if longer) times the
 * share of failures, which is the expected cost of a call there. The share matters for pairs: with the full penalty
 * for every single error, an error rate of 1 % would throw all traffic from one instance to the other and back.
 * A few failures in a row are no such rate, and count in full before the share has noticed.
 */
function penaltyMs(
  state: EndpointState,
  outcome: Extract<Outcome, { kind: 'failure' }>,
  now: number,
  policy: LoadPolicy,
): number {
  const wished = Math.min(outcome.retryAfterMs ?? 0, policy.maxRetryAfterMs);
  const share = state.failuresInRow >= policy.fullPenaltyAfter ? 1 : state.results.failureShareAt(now);
  const penalty = Math.max(policy.failurePenaltyMs, wished) * share;
  return outcome.failure === 'timeout' ? Math.max(penalty, outcome.elapsedMs) : penalty;
}
