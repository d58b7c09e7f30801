import { expect } from '@jest/globals';
import type { Attack } from '../attack.ts';
import { runAttacks } from '../run-attacks.ts';
import type { Target } from '../world/target.ts';

/** The attacks that do not bounce as they should, of those that must be some. */
export function namesThatGetThrough(target: Target, tried: readonly Attack[]): Promise<string[]> {
  return namesWith(target, tried, () => true);
}

/** The same without those whose only fault is that honest requests are refused, too: what serves nobody is no proof. */
export function namesThatHit(target: Target, tried: readonly Attack[]): Promise<string[]> {
  return namesWith(target, tried, (fault) => !fault.startsWith('the next honest request'));
}

async function namesWith(
  target: Target,
  tried: readonly Attack[],
  counts: (fault: string) => boolean,
): Promise<string[]> {
  expect(tried.length).toBeGreaterThan(0);
  const results = await runAttacks(target, tried);
  return results.filter(({ faults }) => faults.some(counts)).map(({ attack }) => attack);
}
