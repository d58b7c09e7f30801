import { describe, expect, it } from '@jest/globals';
import { addressKey, clientKey, networkOf, userKey } from './rate-limit-keys.ts';

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['not an address', 'not an address'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is the same for every address of a /64 and differs beyond', () => {
    expect(networkOf('2001:db8:1:2:ffff::1')).toBe(networkOf('2001:db8:1:2::9'));
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  });
});

describe('rate limit keys', () => {
  it('of different kinds never meet', () => {
    const digests = [userKey('1.2.3.4'), clientKey('1.2.3.4'), addressKey('1.2.3.4')];
    expect(new Set(digests.map((key) => key.split(':')[1])).size).toBe(3);
  });

  it.each([
    ['a user', userKey, 'alice@example.test'],
    ['a client', clientKey, 'mobile-app'],
    ['an address', addressKey, '192.0.2.7'],
    ['a network', addressKey, '2001:db8:1:2::9'],
  ])('of %s do not tell who it is', (_whose, keyOf, name) => {
    const key = keyOf(name);
    expect(key).toMatch(/^(?:user|client|address):[\w-]{16}$/);
    for (const part of name.split(/[@.:]+/).filter(({ length }) => length > 2))
      expect(key).not.toContain(part);
    // All instances, and those after a restart, count under the same key.
    expect(keyOf(name)).toBe(key);
    expect(keyOf('somebody else')).not.toBe(key);
  });

  it('of one /64 are the same', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:db8:1:2:ffff::9'));
  });
});
