import type { Principal } from '@bff/core';
import { refused, type SignedClaims } from './signed-claims.ts';

/** Claims → principal. Frozen, since one cached principal is shared by many requests. */
export function toPrincipal(claims: SignedClaims): Principal {
  return Object.freeze({
    subject: requireText(claims.sub, 'sub'),
    client: requireText(claims['client_id'], 'client_id'),
    scopes: Object.freeze(splitScope(claims['scope'])),
    roles: Object.freeze(readRoles(claims['roles'])),
  });
}

function requireText(value: unknown, claim: string): string {
  if (typeof value !== 'string' || value === '') throw refused(`claim ${claim} is not a non-empty string`);
  return value;
}

/** RFC 8693, 4.2: one string, separated by spaces. Anything else grants nothing. */
function splitScope(value: unknown): string[] {
  return typeof value === 'string' ? value.split(' ').filter((scope) => scope !== '') : [];
}

/** Anything but a list of strings grants no role. */
function readRoles(value: unknown): string[] {
  return Array.isArray(value) && value.every((role) => typeof role === 'string') ? [...value] : [];
}
