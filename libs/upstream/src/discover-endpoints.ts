import type { Clock } from '@bff/core';
import {
  createDnsDiscovery,
  createFileDiscovery,
  createStaticDiscovery,
  resolveAddresses,
  resolveServices,
  type Discovery,
  type Endpoint,
  type Resolve,
} from '@bff/load-balancing';
import type { UpstreamAddresses } from './parse-upstream-urls.ts';

export interface DiscoverOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Asks the name server, in place of the system's resolver. */
  readonly resolve?: Resolve;
  /** Between two looks at name or file, on average. Default: 1500 for names, 1000 for files. */
  readonly intervalMs?: number;
  /** The last good list stays; for logs. */
  readonly onError: (error: unknown) => void;
}

/** Finds the instances where the addresses say. */
export function discoverEndpoints(
  { scheme, source }: UpstreamAddresses,
  options: DiscoverOptions,
): Discovery {
  const { resolve, ...polling } = options;
  switch (source.kind) {
    case 'list':
      return createStaticDiscovery(source.endpoints);
    case 'dns':
      return createDnsDiscovery({ ...polling, url: source.url, resolve: resolve ?? resolveAddresses });
    case 'srv':
      return createDnsDiscovery({ ...polling, url: source.url, resolve: resolve ?? resolveServices });
    case 'file':
      return ofScheme(scheme, createFileDiscovery({ ...polling, path: source.path }), options);
  }
}

/** Refuses a list with an address of another protocol: a call there could only fail. */
function ofScheme(scheme: string, discovery: Discovery, { onError }: DiscoverOptions): Discovery {
  return {
    start: (onEndpoints) =>
      discovery.start((endpoints: readonly Endpoint[]) => {
        const odd = endpoints.find(({ url }) => !url.startsWith(`${scheme}://`));
        if (odd) onError(new Error(`${odd.url} is not ${scheme}://, as the upstream's other addresses are.`));
        else onEndpoints(endpoints);
      }),
  };
}
