import type { Endpoint } from '@bff/load-balancing';

export type UpstreamScheme = 'http' | 'grpc';

/** Where the instances of an upstream are learnt from. */
export type UpstreamSource =
  | { readonly kind: 'list'; readonly endpoints: readonly Endpoint[] }
  /** Every address (`dns`) or service record (`srv`) of the name is an instance. `url` is `http://name:port`. */
  | { readonly kind: 'dns' | 'srv'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

export interface UpstreamAddresses {
  readonly scheme: UpstreamScheme;
  readonly source: UpstreamSource;
}

const example = 'give http://host:port or grpc://host:port, several separated by commas';
const discovered = /^(?<kind>dns|srv|file)\+(?<scheme>http|grpc):\/\/(?<rest>.*)$/;

/**
 * Reads the addresses of one upstream: a list, `http://a:3000,http://b:3000`, of one scheme; a name that is resolved
 * again and again, `dns+http://orders:3000` or `srv+grpc://_grpc._tcp.orders`; or a file, `file+http:///etc/orders.json`.
 * Throws an Error that names the fault and is meant for whoever wrote the configuration.
 */
export function parseUpstreamUrls(text: string): UpstreamAddresses {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [first] = parts;
  if (first === undefined) throw new Error(`no address; ${example}`);
  const one = parts.find((part) => discovered.test(part));
  if (one === undefined) return parseList(parts);
  if (parts.length > 1) throw new Error(`"${one}" finds the instances by itself; give it alone`);
  return parseDiscovered(one);
}

function parseDiscovered(text: string): UpstreamAddresses {
  const groups = discovered.exec(text)?.groups;
  const { kind, rest = '' } = groups ?? {};
  const scheme: UpstreamScheme = groups?.['scheme'] === 'grpc' ? 'grpc' : 'http';
  if (kind === 'file') {
    if (!rest.startsWith('/'))
      throw new Error(`"${text}" has no absolute path; give file+http:///etc/orders.json`);
    return { scheme, source: { kind, path: rest } };
  }
  if (kind === 'srv') {
    if (!/^[\w.-]+$/.test(rest))
      throw new Error(`"${text}" is not the name of a service record; give no port`);
    return { scheme, source: { kind, url: `${scheme}://${rest}` } };
  }
  return { scheme, source: { kind: 'dns', url: parseAddress(`${scheme}://${rest}`).endpoint.url } };
}

function parseList(parts: readonly string[]): UpstreamAddresses {
  const addresses = parts.map(parseAddress);
  const [first, ...others] = addresses;
  if (first === undefined) throw new Error(`no address; ${example}`);
  const odd = others.find(({ scheme }) => scheme !== first.scheme);
  if (odd) {
    throw new Error(
      `${first.endpoint.url} and ${odd.endpoint.url} differ in scheme; use one for all instances`,
    );
  }
  const endpoints = addresses.map(({ endpoint }) => endpoint);
  const twice = endpoints.find(({ id }, index) => endpoints.findIndex((other) => other.id === id) < index);
  if (twice) throw new Error(`${twice.url} is listed twice; list every instance once`);
  return { scheme: first.scheme, source: { kind: 'list', endpoints } };
}

function parseAddress(text: string): { scheme: UpstreamScheme; endpoint: Endpoint } {
  // `orders:3000` parses, as a URL of the scheme «orders».
  const url = text.includes('://') && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new Error(`"${text}" is not a URL; ${example}`);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'grpc') {
    throw new Error(`"${shown(url)}" has the scheme ${scheme}; ${example}`);
  }
  if (url.hostname === '') throw new Error(`"${text}" has no host; ${example}`);
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      `the address of ${url.host} contains credentials; services are called with an internal token instead`,
    );
  }
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '') {
    throw new Error(`"${text}" has more than host and port; ${example}`);
  }
  if (scheme === 'grpc' && url.port === '') throw new Error(`"${text}" has no port; ${example}`);
  const host = url.port === '' ? `${url.hostname}:80` : url.host;
  return { scheme, endpoint: { id: host, url: `${scheme}://${host}` } };
}

/** The address without what may be a password. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}`;
}
