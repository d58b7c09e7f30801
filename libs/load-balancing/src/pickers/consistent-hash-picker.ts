import type { EndpointState } from '../endpoint-state.ts';
import type { AffinityPolicy } from '../policy.ts';
import { hashOf, mixToUnit } from './hash.ts';
import { candidateAt, type Picker } from './picker.ts';

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar; weights by −ln(u)/w): a key's instance is the one with the
 * lowest score, so an instance that goes moves its own keys and no others, and needs no ring to be rebuilt.
 * Bounded load (Mirrokni, Thorup, Zadimoghaddam): an instance that has more than its share pending is passed over for
 * the next in that key's order. A call without a key goes anywhere.
 */
export function createConsistentHashPicker(policy: AffinityPolicy, random: () => number): Picker {
  return {
    pick(candidates, now, affinityKey) {
      const key = affinityKey === undefined ? Math.floor(random() * 0x1_0000_0000) : hashOf(affinityKey);
      return lowestScore(candidates, now, key, pendingPerWeight(candidates, now, policy), policy.freePending);
    },
  };
}

/** How many may be pending at an instance for each unit of its weight, while it ramps up for fewer. */
function pendingPerWeight(candidates: readonly EndpointState[], now: number, policy: AffinityPolicy): number {
  let pending = 1;
  let weight = 0;
  for (const candidate of candidates) {
    pending += candidate.pending;
    weight += candidate.effectiveWeightAt(now);
  }
  return (policy.boundedLoad * pending) / weight;
}

function lowestScore(
  candidates: readonly EndpointState[],
  now: number,
  key: number,
  perWeight: number,
  freePending: number,
): EndpointState {
  let best = candidateAt(candidates, 0);
  let bestWithin = false;
  let lowest = Infinity;
  for (const candidate of candidates) {
    const weight = candidate.effectiveWeightAt(now);
    const within = candidate.pending < freePending || candidate.pending < Math.ceil(perWeight * weight);
    if (bestWithin && !within) continue;
    const score = -Math.log(mixToUnit(key, candidate.hash)) / weight;
    if ((within && !bestWithin) || score < lowest) {
      best = candidate;
      bestWithin = within;
      lowest = score;
    }
  }
  return best;
}
