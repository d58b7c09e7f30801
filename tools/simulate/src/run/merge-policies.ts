import type { PolicyOverrides } from '@bff/load-balancing';

/** Later ones win, value by value. */
export function mergePolicies(...policies: readonly (PolicyOverrides | undefined)[]): PolicyOverrides {
  const merged: Record<string, unknown> = {};
  for (const [section, values] of policies.flatMap((policy) => Object.entries(policy ?? {}))) {
    merged[section] =
      typeof values === 'object' ? { ...(merged[section] as object | undefined), ...values } : values;
  }
  return merged;
}
