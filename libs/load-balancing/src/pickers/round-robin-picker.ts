import { candidateAt, type Picker } from './picker.ts';

/**
 * Smooth weighted round robin (nginx): everybody earns its weight, the richest is picked and pays for all.
 * Heavier instances are interleaved, not picked in runs.
 */
export function createRoundRobinPicker(random: () => number): Picker {
  let started = false;
  return {
    pick(candidates, now) {
      // Every process starts at another instance; otherwise the first call of all of them goes to the same.
      if (!started) candidateAt(candidates, Math.floor(random() * candidates.length)).credit += 1e-6;
      started = true;
      let best = candidateAt(candidates, 0);
      let total = 0;
      for (let i = 0; i < candidates.length; i++) {
        const candidate = candidateAt(candidates, i);
        const weight = candidate.effectiveWeightAt(now);
        candidate.credit += weight;
        total += weight;
        if (candidate.credit > best.credit) best = candidate;
      }
      best.credit -= total;
      return best;
    },
  };
}
