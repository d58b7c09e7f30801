import type { Clock } from '@bff/core';
import type { Endpoint } from '../endpoint.ts';
import { endpointOf, type Discovery } from './discovery.ts';
import { createPollingDiscovery } from './polling.ts';

/** One answer of the name server. */
export interface ResolvedAddress {
  /** An IP address, or for SRV a host name. */
  readonly address: string;
  /** From SRV; A and AAAA have none. */
  readonly port?: number;
  /** From SRV; 0 counts as 1. */
  readonly weight?: number;
}

/** Asks the name server. Rejects when the name does not resolve. */
export type Resolve = (name: string) => Promise<readonly ResolvedAddress[]>;

export interface DnsDiscoveryOptions {
  /** `http://orders:3000`: each address of `orders` becomes one endpoint. The port is SRV's, if it has one. */
  readonly url: string;
  /** `resolveAddresses` or `resolveServices`. */
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly random: () => number;
  /** Between two resolutions, on average. Default 1500, so that a new address serves within 2 s. */
  readonly intervalMs?: number;
  /** For logs: resolving failed or was empty, and the last good list stays. */
  readonly onError?: (error: unknown) => void;
}

/** Re-resolves a name every other second, whatever becomes of the connections (grpc-js does so only on disconnect). */
export function createDnsDiscovery(options: DnsDiscoveryOptions): Discovery {
  const { url, resolve, clock, random, intervalMs = 1_500, onError = () => undefined } = options;
  const target = new URL(url);
  const look = async () => {
    const addresses = await resolve(target.hostname);
    const endpoints = new Map<string, Endpoint>();
    for (const address of addresses) {
      const endpoint = endpointAt(address, target);
      endpoints.set(endpoint.id, endpoint);
    }
    // Name servers rotate their answers; the order means nothing.
    return [...endpoints.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  return createPollingDiscovery({ clock, random, intervalMs, look, onError });
}

function endpointAt({ address, port, weight }: ResolvedAddress, { protocol, port: ownPort }: URL): Endpoint {
  const host = address.includes(':') ? `[${address}]` : address;
  const at = port ?? ownPort;
  const authority = at === '' ? host : `${host}:${at}`;
  return endpointOf(`${protocol}//${authority}`, weight === undefined ? undefined : Math.max(1, weight));
}
