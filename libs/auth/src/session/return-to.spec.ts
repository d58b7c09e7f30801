import { describe, expect, it } from '@jest/globals';
import { safeReturnTo } from './return-to.ts';

describe('safeReturnTo', () => {
  it.each(['/', '/orders', '/orders/ord_0001?tab=payment&x=%2F#top', '/a//b', '/%E2%82%AC'])(
    'takes %s',
    (path) => {
      expect(safeReturnTo(path)).toBe(path);
    },
  );

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/%2fevil.example',
    '/%5Cevil.example',
    '/..//evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'orders',
    '@evil.example',
    ' /orders',
    '/orders \r\nSet-Cookie: a=b',
    '/auth/login',
    '/auth/../auth/logout',
    '/' + 'a'.repeat(2_000),
    '',
    undefined,
    ['/a', '/b'],
    { toString: () => '/a' },
  ])('goes home instead of to %j', (value) => {
    expect(safeReturnTo(value)).toBe('/');
  });
});
