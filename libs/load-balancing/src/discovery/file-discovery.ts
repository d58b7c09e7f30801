import { readFile } from 'node:fs/promises';
import type { Clock } from '@bff/core';
import type { Endpoint } from '../endpoint.ts';
import { endpointOf, type Discovery } from './discovery.ts';
import { createPollingDiscovery } from './polling.ts';

export interface FileDiscoveryOptions {
  /** A JSON list: `["http://a:3000", { "url": "http://b:3000", "weight": 2 }]`. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Between two looks, on average. Default 1000. */
  readonly intervalMs?: number;
  /** For logs: the file is missing, malformed or empty, and the last good list stays. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Reads a file again and again. Not `fs.watch`: it misses files that are replaced by renaming and Kubernetes'
 * symlinked volumes, which is how such files are usually changed.
 */
export function createFileDiscovery(options: FileDiscoveryOptions): Discovery {
  const { path, clock, random, intervalMs = 1_000, onError = () => undefined } = options;
  const look = async () => parseEndpointList(await readFile(path, 'utf8'), path);
  return createPollingDiscovery({ clock, random, intervalMs, look, onError });
}

/** Throws an Error that names the entry that is wrong. */
export function parseEndpointList(text: string, source: string): Endpoint[] {
  const list: unknown = parseJson(text, source);
  if (!Array.isArray(list)) throw new Error(`${source} must hold a JSON list of URLs.`);
  return list.map((entry: unknown, index) => parseEntry(entry, `${source}, entry ${index + 1}`));
}

function parseEntry(entry: unknown, where: string): Endpoint {
  const { url, weight } =
    typeof entry === 'string'
      ? { url: entry, weight: undefined }
      : ((entry ?? {}) as { url?: unknown; weight?: unknown });
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new Error(`${where}: expected "http://host:port" or { "url": …, "weight": … }.`);
  }
  if (weight !== undefined && !(typeof weight === 'number' && weight > 0)) {
    throw new Error(`${where}: the weight must be a number above 0.`);
  }
  return endpointOf(url, weight);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${source} is not JSON.`, { cause });
  }
}
