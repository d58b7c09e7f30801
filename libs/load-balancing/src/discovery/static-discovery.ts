import type { Endpoint } from '../endpoint.ts';
import type { Discovery } from './discovery.ts';

/** The endpoints never change. */
export function createStaticDiscovery(endpoints: readonly Endpoint[]): Discovery {
  return {
    start(onEndpoints) {
      onEndpoints(endpoints);
      return () => undefined;
    },
  };
}
