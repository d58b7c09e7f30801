import type { EjectionReason } from '../endpoint.ts';
import type { EndpointState } from '../endpoint-state.ts';
import type { FailureKind } from '../outcome.ts';
import type { EjectionPolicy } from '../policy.ts';

/** Whether a failure that has just been recorded is one too many, and why. */
export function judgeFailure(
  state: EndpointState,
  failure: FailureKind,
  members: readonly EndpointState[],
  now: number,
  policy: EjectionPolicy,
): EjectionReason | undefined {
  // Nobody listens there, or its process has just died: the next call would fail as well.
  if (failure === 'refused' || failure === 'reset') return 'connection';
  if (state.consecutiveFailures >= policy.consecutiveFailures) return 'consecutive_failures';
  if (state.results.totalAt(now) < policy.minResults) return undefined;
  const share = state.results.failureShareAt(now);
  if (share <= 1 - policy.minSuccessRate) return undefined;
  // Where the others fail nearly as often, the trouble is not this instance's: an upstream that sheds load
  // would lose half of its capacity with one of two ejected.
  return share >= policy.outlierFactor * peersFailureShare(state, members, now) ? 'success_rate' : undefined;
}

function peersFailureShare(state: EndpointState, members: readonly EndpointState[], now: number): number {
  let total = 0;
  let failed = 0;
  for (const peer of members) {
    if (peer === state || !peer.available) continue;
    total += peer.results.totalAt(now);
    failed += peer.results.failedAt(now);
  }
  return total === 0 ? 0 : failed / total;
}
