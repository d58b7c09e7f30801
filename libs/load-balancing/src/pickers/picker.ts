import type { EndpointState } from '../endpoint-state.ts';

/** Chooses one of the candidates, of which there is at least one. What is known about them is theirs. */
export interface Picker {
  pick(candidates: readonly EndpointState[], now: number, affinityKey: string | undefined): EndpointState;
}

/** The cost of one more attempt at an instance; lower is better. Never negative. */
export type LoadMetric = (state: EndpointState, now: number) => number;

/** For lists that are known not to be empty. */
export function candidateAt(candidates: readonly EndpointState[], index: number): EndpointState {
  const candidate = candidates[index];
  if (candidate === undefined) throw new RangeError('A picker needs at least one candidate.');
  return candidate;
}
