import type { Endpoint } from '../endpoint.ts';

/** Finds the endpoints of an upstream and keeps an eye on them. */
export interface Discovery {
  /** Calls `onEndpoints` with the whole list, whenever it is known anew. Returns what stops it. */
  start(onEndpoints: (endpoints: readonly Endpoint[]) => void): () => void;
}

/** An endpoint named by where it is. Throws an Error when `url` is none. */
export function endpointOf(url: string, weight?: number): Endpoint {
  const { host } = new URL(url);
  if (host === '') throw new Error(`${url} names no host.`);
  return { id: host, url, ...(weight !== undefined && { weight }) };
}
