import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@bff/core';
import { createKeyRing, type SealContext } from './key-ring.ts';

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const secret = (name: string) => new Secret(name.padEnd(40, '-'));
const ringOf = (...names: string[]) => createKeyRing(names.map(secret), randomHex);
const context: SealContext = { purpose: 'session', bound: 'b', cookieKey: 'c' };

describe('createKeyRing', () => {
  it('opens what it has sealed, and shows nothing of it', () => {
    const ring = ringOf('one');
    const sealed = ring.seal('a token', context);
    expect(sealed).not.toContain('token');
    expect(ring.open(sealed, context)).toBe('a token');
    expect(ring.seal('a token', context)).not.toBe(sealed);
  });

  it.each([
    ['another cookie', { ...context, cookieKey: 'd' }],
    ['another place', { ...context, bound: 'x' }],
    ['another purpose', { ...context, purpose: 'sign-in' as const }],
  ])('does not open for %s', (_what, other) => {
    const ring = ringOf('one');
    expect(ring.open(ring.seal('text', context), other)).toBeUndefined();
  });

  it('does not open with a changed bit anywhere', () => {
    const ring = ringOf('one');
    // A length without spare bits in its base64url.
    const sealed = ring.seal('sealed', context);
    for (let at = 0; at < sealed.length; at++) {
      const flipped = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      // The tag's last character has bits that stand for nothing.
      if (
        Buffer.from(flipped.slice(-22), 'base64url').equals(Buffer.from(sealed.slice(-22), 'base64url')) &&
        at > sealed.length - 23
      )
        continue;
      expect(ring.open(flipped, context)).toBeUndefined();
    }
    for (const nonsense of ['', 'v1', 'v1....', '\0', 'x'.repeat(10_000)])
      expect(ring.open(nonsense, context)).toBeUndefined();
  });

  it('rotates: a new key seals, the old one still opens until it is retired', () => {
    const old = ringOf('one').seal('text', context);
    const both = ringOf('two', 'one');
    expect(both.open(old, context)).toBe('text');
    const renewed = both.seal('text', context);
    expect(ringOf('two').open(renewed, context)).toBe('text');
    expect(ringOf('two').open(old, context)).toBeUndefined();
    expect(both.fingerprints('x')[1]).toBe(ringOf('one').fingerprints('x')[0]);
  });

  it('gives names that only its keys can make', () => {
    expect(ringOf('one').fingerprints('alice')).not.toEqual(ringOf('two').fingerprints('alice'));
    expect(ringOf('one').fingerprints('alice')).not.toEqual(ringOf('one').fingerprints('bob'));
  });

  it('refuses to be without a key', () => {
    expect(() => ringOf()).toThrow('at least one key');
  });
});
