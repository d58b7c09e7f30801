import { hash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** One limit per signed-in user. */
export function userKey(subject: string): string {
  return `user:${fingerprint('user', subject)}`;
}

/** One limit per OAuth client. */
export function clientKey(clientId: string): string {
  return `client:${fingerprint('client', clientId)}`;
}

/** One limit per network a request comes from; see `networkOf`. */
export function addressKey(address: string): string {
  const network = networkOf(address);
  return `address:${fingerprint('address', network)}`;
}

/**
 * Keys stand in Redis and in its dumps, where nobody needs to read who has been here. 96 bits: two of a million users share
 * a limit by accident once in 10¹⁷. Whoever has a list of names can still try them; the keys live for one window.
 */
function fingerprint(kind: string, text: string): string {
  return hash('sha256', `rate-limit ${kind} ${text}`, 'base64url').slice(0, 16);
}

/**
 * The network behind an address, as far as one customer owns it: an IPv4 address itself, the /64 of an IPv6 address
 * (RFC 6177: a site gets at least that much, so counting single addresses would limit nobody).
 * What is not an address is returned as it is.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  if (!isIPv6(plain)) return address;
  return `${expand(plain).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail = ''] = address.split('::');
  const front = groups(head);
  const back = groups(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...(address.includes('::') ? zeros : []), ...back];
}

function groups(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    // A dotted IPv4 tail (`64:ff9b::192.0.2.1`) stands for two groups, which are outside of the /64.
    if (group.includes('.')) return ['0', '0'];
    return [Number.parseInt(group, 16).toString(16)];
  });
}
