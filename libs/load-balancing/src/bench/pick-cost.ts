import { systemClock } from '@bff/core';
import { createBalancer } from '../balancer/create-balancer.ts';
import type { PickerKind } from '../policy.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';

const success = { kind: 'success', latencyMs: 50 } as const;

/**
 * Nanoseconds for `acquire` and `done`, on the real clock. The best of many rounds of a few milliseconds each: whatever
 * else the machine does interrupts some of them, but not all.
 */
export function measurePickCost(picker: PickerKind, instances: number): number {
  const endpoints = Array.from({ length: instances }, (_, i) => ({ id: `i${i}`, url: `http://i${i}` }));
  const balancer = createBalancer({
    endpoints,
    policy: { picker },
    clock: systemClock,
    random: createSeededRandom(1),
  });
  const picks = 20_000;
  let best = Infinity;
  for (let round = 0; round < 200; round++) {
    const startedAt = performance.now();
    for (let i = 0; i < picks; i++) balancer.acquire().done(success);
    best = Math.min(best, ((performance.now() - startedAt) * 1e6) / picks);
  }
  return best;
}
