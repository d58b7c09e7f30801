import type { Policy } from '../policy.ts';
import { createConsistentHashPicker } from './consistent-hash-picker.ts';
import { createLeastCostPicker } from './least-cost-picker.ts';
import { createPeakEwmaMetric, leastRequestMetric, type TypicalLatency } from './load-metrics.ts';
import type { Picker } from './picker.ts';
import { createRoundRobinPicker } from './round-robin-picker.ts';

/** The picker that the policy names. */
export function createPicker(policy: Policy, random: () => number, typical: TypicalLatency): Picker {
  const { scanUpTo } = policy.load;
  switch (policy.picker) {
    case 'peak_ewma':
      return createLeastCostPicker({ metric: createPeakEwmaMetric(typical), random, scanUpTo });
    case 'least_request':
      return createLeastCostPicker({ metric: leastRequestMetric, random, scanUpTo });
    case 'round_robin':
      return createRoundRobinPicker(random);
    case 'consistent_hash':
      return createConsistentHashPicker(policy.affinity, random);
  }
}
