import { describe, expect, it } from '@jest/globals';
import { openTestContext } from '@bff/core/testing';
import { createAuthorise, reaches } from './authorisation.ts';

const authorise = createAuthorise({
  read: { user: 'own', support: 'any' },
  report: { courier: 'any' },
  supportOwn: { support: 'own' },
});

function contextOf(roles: string[] | undefined) {
  const principal = roles && { subject: 'alice', client: 'test', scopes: [], roles };
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
