import type { EjectionPolicy } from '../policy.ts';

/**
 * How long the ejection lasts that follows `ejections` others: doubling from base to max. The jitter only lengthens
 * it: processes that lost the same instance at the same moment do not all come back to it at the same moment.
 */
export function ejectionMs(ejections: number, policy: EjectionPolicy, random: () => number): number {
  const plain = Math.min(policy.maxMs, policy.baseMs * 2 ** ejections);
  return plain * (1 + policy.jitter * random());
}
