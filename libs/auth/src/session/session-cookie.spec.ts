import { describe, expect, it } from '@jest/globals';
import { createCookieJar, readCookies } from './session-cookie.ts';
import { parseTicket } from './session-ticket.ts';

describe('createCookieJar', () => {
  it('makes cookies that only this host gets, over TLS, and no script reads', () => {
    const jar = createCookieJar({ secure: true });
    expect(jar.set(jar.session, 'v')).toBe('__Host-session=v; Path=/; HttpOnly; SameSite=Lax; Secure');
    expect(jar.set(jar.signIn('abc'), 'v', 600)).toBe(
      '__Host-sign-in-abc=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600',
    );
    expect(jar.clear(jar.session)).toContain('Max-Age=0');
  });

  it('makes plain ones where the configuration says so', () => {
    const jar = createCookieJar({ secure: false });
    expect(jar.set(jar.session, 'v')).toBe('session=v; Path=/; HttpOnly; SameSite=Lax');
  });
});

describe('readCookies', () => {
  it('reads what browsers send', () => {
    expect([...readCookies('a=1; b="2"; c=x=y;d; =e')]).toEqual([
      ['a', '1'],
      ['b', '"2"'],
      ['c', 'x=y'],
    ]);
    expect(readCookies(undefined).size).toBe(0);
  });

  it('believes neither of two values for one name', () => {
    expect([...readCookies('a=1; a=2; b=3; b=3')]).toEqual([['b', '3']]);
  });
});

describe('parseTicket', () => {
  const value = `${'0'.repeat(32)}.${'f'.repeat(64)}`;

  it('takes what a ticket looks like and nothing else', () => {
    expect(parseTicket(value)).toMatchObject({ value, key: 'f'.repeat(64) });
    for (const wrong of [
      '',
      '.',
      value.slice(1),
      `${value}0`,
      value.toUpperCase(),
      ` ${value}`,
      `${value}\n`,
    ]) {
      expect(parseTicket(wrong)).toBeUndefined();
    }
  });
});
