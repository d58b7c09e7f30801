import { describe, expect, it } from '@jest/globals';
import { parseTrustedProxies } from './trusted-proxies.ts';

describe('the address of a client', () => {
  it.each<[string, string, string | undefined, string, boolean?]>([
    // Nobody is trusted: whatever the client claims, it is the peer.
    ['0', '192.0.2.1', '10.9.9.9', '192.0.2.1'],
    ['1', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    // The client's own claim stands before what our one proxy appended.
    ['1', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['2', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.0/8', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.0/8', '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['10.0.0.1,fd00::/8', 'fd00::7', '2001:db8::1', '2001:db8::1'],
    ['127.0.0.1', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    // A proxy that says nothing, or nonsense: nobody knows whose requests these are.
    ['1', '10.0.0.1', undefined, '10.0.0.1', false],
    ['1', '10.0.0.1', 'unknown', '10.0.0.1', false],
  ])(
    'with TRUST_PROXY=%s, from %s with X-Forwarded-For %s, is %s',
    (text, peer, forwarded, address, isClient = true) => {
      expect(parseTrustedProxies(text).originOf(peer, forwarded)).toEqual({ address, isClient });
    },
  );
});

describe('TRUST_PROXY', () => {
  it.each(['true', 'loopback', '10.0.0.0/33', '10.0.0.0/', '*', '11', '', '-1', '10.0.0.1,'])(
    'cannot be "%s"',
    (text) => {
      expect(() => parseTrustedProxies(text)).toThrow(/hops|separated by commas/);
    },
  );
});
