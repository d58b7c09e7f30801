import type { Endpoint } from '@bff/load-balancing';

export type UpstreamScheme = 'http' | 'grpc';

export interface UpstreamAddresses {
  readonly scheme: UpstreamScheme;
  readonly endpoints: readonly Endpoint[];
}

const example = 'give http://host:port or grpc://host:port, several separated by commas';

/**
 * Reads the addresses of one upstream: `http://a:3000,http://b:3000`, one scheme for all.
 * Throws an Error that names the fault and is meant for whoever wrote the configuration.
 */
export function parseUpstreamUrls(text: string): UpstreamAddresses {
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseAddress);
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
  return { scheme: first.scheme, endpoints };
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
