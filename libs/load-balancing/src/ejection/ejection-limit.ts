import type { EndpointState } from '../endpoint-state.ts';
import type { EjectionPolicy } from '../policy.ts';

/**
 * Whether one more may go. The share is computed as it would be after the ejection, so that one of two may go; the last
 * one never.
 */
export function mayEject(
  state: EndpointState,
  members: readonly EndpointState[],
  { maxEjectedShare }: Pick<EjectionPolicy, 'maxEjectedShare'>,
): boolean {
  let gone = 1;
  for (const member of members) if (member !== state && !member.available) gone++;
  return gone < members.length && gone <= members.length * maxEjectedShare;
}
