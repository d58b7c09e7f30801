import { describe, expect, it } from '@jest/globals';
import { openTestContext } from '@bff/core/testing';
import { createAuthorise, reaches, type Grants } from './authorisation.ts';

const authorise = createAuthorise({
  read: { user: 'own', support: 'any' },
  report: { courier: 'any' },
  supportOwn: { support: 'own' },
  write: { scope: 'orders:write', user: 'own', support: 'own' },
});

function contextOf(roles: string[] | undefined, scopes: string[] = []) {
  const principal = roles && { subject: 'alice', client: 'test', scopes, roles };
  const scope = openTestContext({ principal });
  scope.close();
  return scope.context;
}

describe('authorise', () => {
  it.each([
    ['read', [], 'own'],
    ['read', ['support'], 'any'],
    ['read', ['courier', 'support'], 'any'],
    ['read', ['user'], 'own'],
    ['report', ['courier'], 'any'],
    ['supportOwn', ['support'], 'own'],
  ] as const)('%s with roles %j reaches %s', (operation, roles, reach) => {
    expect(authorise(operation, contextOf([...roles]))).toMatchObject({ reach });
  });

  it.each([
    ['report', []],
    ['report', ['support']],
    ['report', ['toString', 'user']],
    ['supportOwn', []],
  ] as const)('%s with roles %j is denied', (operation, roles) => {
    expect(() => authorise(operation, contextOf([...roles]))).toThrow(
      expect.objectContaining({ code: 'permission_denied' }),
    );
  });

  it('wants the scope of the row, and says which', () => {
    for (const scopes of [[], ['orders:read'], ['orders:write:all', 'Orders:write']]) {
      expect(() => authorise('write', contextOf([], scopes))).toThrow(
        expect.objectContaining({ code: 'permission_denied', scope: 'orders:write' }),
      );
    }
    expect(authorise('write', contextOf([], ['openid', 'orders:write'])).reach).toBe('own');
  });

  it('does not tell somebody to get a scope that would not help him', () => {
    const courierOnly = createAuthorise({ report: { scope: 'orders:write', courier: 'any' } });
    expect(() => courierOnly('report', contextOf([]))).toThrow('You may not use this operation.');
  });

  it.each(['delete', 'toString', '__proto__', ''])('denies what has no row: "%s"', (operation) => {
    const any = createAuthorise<string>({ read: { user: 'own' } } satisfies Record<string, Grants>);
    expect(() => any(operation, contextOf([]))).toThrow(
      expect.objectContaining({ code: 'permission_denied' }),
    );
  });

  it('gives nobody a role on that the row does not name', () => {
    const of = (operation: 'read' | 'report', roles: string[]) =>
      authorise(operation, contextOf(roles)).principal.roles;
    expect(of('read', ['support', 'courier', 'admin', 'user', 'constructor'])).toEqual(['support']);
    expect(of('report', ['support', 'courier'])).toEqual(['courier']);
    const context = contextOf(['support']);
    expect(authorise('read', context).principal).toBe(context.principal);
  });

  it('refuses nobody as unauthenticated', () => {
    expect(() => authorise('read', contextOf(undefined))).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
  });
});

describe('reaches', () => {
  it('lets own reach what is the subject’s, and any reach all', () => {
    const own = authorise('read', contextOf([]));
    expect(reaches(own, { customerId: 'alice' })).toBe(true);
    expect(reaches(own, { customerId: 'bob' })).toBe(false);
    expect(reaches(authorise('read', contextOf(['support'])), { customerId: 'bob' })).toBe(true);
  });
});
