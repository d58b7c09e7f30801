import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

export interface RequestOrigin {
  readonly address: string;
  /** False for a trusted proxy that does not say for whom it asks: many clients may be behind that address. */
  readonly isClient: boolean;
}

/** Which peers stand between the clients and this process, so that what they say about a client's address is believed. */
export interface TrustedProxies {
  /** Whether a peer may speak for its clients. `hop` is 0 for the one that is connected, 1 for the one behind it. */
  trusts(address: string, hop: number): boolean;
  /** Where a request comes from, given the peer's own address and the values of `X-Forwarded-For`. */
  originOf(peer: string, forwardedFor: string | undefined): RequestOrigin;
  /** As it was configured. */
  toString(): string;
}

/** `0`, `2`, `10.0.0.0/8,192.0.2.7`. Throws an Error with what is wrong. */
export function parseTrustedProxies(text: string): TrustedProxies {
  if (/^\d+$/.test(text)) {
    if (Number(text) > 10) throw new Error('is a number of hops from 0 to 10');
    return create(text, (_address, hop) => hop < Number(text));
  }
  const networks = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) addNetwork(networks, entry);
  return create(text, (address) => {
    const plain = withoutMapping(address);
    return isIP(plain) !== 0 && networks.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  });
}

export const noProxies = parseTrustedProxies('0');

export const trustProxy = () =>
  z
    .string()
    .transform((text, context): TrustedProxies => {
      try {
        return parseTrustedProxies(text);
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: text });
        return z.NEVER;
      }
    })
    .default(noProxies)
    .describe(
      'Proxies in front whose `X-Forwarded-For` is believed: how many there are, or their addresses and networks, `10.0.0.0/8,192.0.2.7`.',
    );

function create(text: string, trusts: TrustedProxies['trusts']): TrustedProxies {
  return {
    trusts,
    originOf(peer, forwardedFor) {
      // Each proxy appends whom it got the request from: the last address that a trusted one vouches for is the client's.
      const behind = (forwardedFor ?? '').split(',').map((part) => part.trim());
      let address = withoutMapping(peer);
      for (let hop = 0; trusts(address, hop); hop++) {
        const next = withoutMapping(behind.at(-1 - hop) ?? '');
        if (isIP(next) === 0) return { address, isClient: false };
        address = next;
      }
      return { address, isClient: true };
    },
    toString: () => text,
  };
}

function addNetwork(networks: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (family === undefined || prefix < 0 || prefix > longest) {
    throw new Error(
      'must be a number of proxies, or addresses and networks separated by commas; who trusts everybody is told any address',
    );
  }
  networks.addSubnet(address, prefix, family);
}

/** IPv4 as a listener for both families shows it. */
function withoutMapping(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  return isIPv4(plain) ? plain : address;
}
