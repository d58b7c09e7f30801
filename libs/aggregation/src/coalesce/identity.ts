import type { Principal } from '@bff/core';

/**
 * Everything about a caller that may change what a service answers. Part of every key under which answers are shared:
 * a key without it hands one user's data to another.
 */
export function identityKey(principal: Principal | undefined): string {
  if (principal === undefined) return 'anonymous';
  const { subject, client, scopes, roles } = principal;
  return JSON.stringify([subject, client, [...scopes].sort(), [...roles].sort()]);
}

/** Equal text for equal arguments, whatever the order of their fields; fields that are undefined do not count. */
export function argumentsKey(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
