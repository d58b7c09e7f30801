import type { SlowStartPolicy } from '../policy.ts';

/** Share of its normal weight that an instance has `elapsedMs` after it came or returned: max(minShare, t), t over the window. */
export function warmthAfter(elapsedMs: number, policy: SlowStartPolicy): number {
  if (elapsedMs >= policy.windowMs) return 1;
  return Math.max(policy.minShare, elapsedMs / policy.windowMs);
}
