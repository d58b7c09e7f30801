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
      const limit = pendingLimit(candidates, policy);
      return lowestScore(candidates, now, key, limit) ?? candidateAt(candidates, 0);
    },
  };
}

function pendingLimit(candidates: readonly EndpointState[], policy: AffinityPolicy): number {
  let pending = 1;
  for (const candidate of candidates) pending += candidate.pending;
  return Math.max(policy.freePending, Math.ceil((policy.boundedLoad * pending) / candidates.length));
}

function lowestScore(candidates: readonly EndpointState[], now: number, key: number, limit: number) {
  let best: EndpointState | undefined;
  let bestWithin = false;
  let lowest = Infinity;
  for (const candidate of candidates) {
    const within = candidate.pending < limit;
    if (bestWithin && !within) continue;
    const score = -Math.log(mixToUnit(key, candidate.hash)) / candidate.effectiveWeightAt(now);
    if ((within && !bestWithin) || score < lowest) {
      best = candidate;
      bestWithin = within;
      lowest = score;
    }
  }
  return best;
}
