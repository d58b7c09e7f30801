import type { EndpointState } from '../endpoint-state.ts';
import { candidateAt, type LoadMetric, type Picker } from './picker.ts';

export interface LeastCostOptions {
  readonly metric: LoadMetric;
  readonly random: () => number;
  /** Up to so many candidates all are looked at; of more, two. */
  readonly scanUpTo: number;
}

/** More than any cost that is measured. */
const notYet = Number.MAX_VALUE;

/**
 * The distributor: whatever the metric, few candidates are all compared; of many, two distinct random ones, since
 * looking at all makes every client run to the same instance (Mitzenmacher, the power of two choices).
 * Two *distinct* ones: with replacement, a pair of instances would be compared only half of the time.
 */
export function createLeastCostPicker({ metric, random, scanUpTo }: LeastCostOptions): Picker {
  const costOf: LoadMetric = (state, now) => {
    // Slow start by chance, not by cost: a warming instance is looked at as often as it is warm. Ten times the
    // cost instead of a tenth of the looks would mean no traffic at all wherever little is pending.
    // Where the others give no sign of life it is the better choice all the same.
    if (state.exposedEnough || state.silentAt(now)) return Infinity;
    if (state.warming && random() >= state.warmthAt(now)) return notYet;
    return metric(state, now);
  };
  return {
    pick(candidates, now) {
      const count = candidates.length;
      if (count === 1) return candidateAt(candidates, 0);
      if (count <= scanUpTo) return cheapest(candidates, now, costOf, random);
      const first = Math.floor(random() * count);
      const other = Math.floor(random() * (count - 1));
      const second = other >= first ? other + 1 : other;
      return cheaper(candidateAt(candidates, first), candidateAt(candidates, second), now, costOf, random);
    },
  };
}

function cheaper(a: EndpointState, b: EndpointState, now: number, metric: LoadMetric, random: () => number) {
  const costOfA = metric(a, now);
  const costOfB = metric(b, now);
  if (costOfA === costOfB) return random() < 0.5 ? a : b;
  return costOfA < costOfB ? a : b;
}

function cheapest(
  candidates: readonly EndpointState[],
  now: number,
  metric: LoadMetric,
  random: () => number,
): EndpointState {
  let best = candidateAt(candidates, 0);
  let lowest = metric(best, now);
  let ties = 1;
  for (let i = 1; i < candidates.length; i++) {
    const candidate = candidateAt(candidates, i);
    const cost = metric(candidate, now);
    if (cost < lowest) {
      best = candidate;
      lowest = cost;
      ties = 1;
    } else if (cost === lowest && random() * ++ties < 1) {
      best = candidate;
    }
  }
  return best;
}
