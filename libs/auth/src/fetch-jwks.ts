import type { Clock } from '@bff/core';
import type { JSONWebKeySet } from 'jose';

/** The part of the platform's `fetch` that is needed. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface FetchJwksOptions {
  url: string;
  clock: Clock;
  fetch: Fetch;
  /** Milliseconds for the whole answer, body included. */
  timeoutMs: number;
}

/** Fetches a key set once. Rejects when the answer is late, not 200, or not a key set with at least one key. */
export async function fetchJwks({ url, clock, fetch, timeoutMs }: FetchJwksOptions): Promise<JSONWebKeySet> {
  const timeout = new AbortController();
  const stopTimer = clock.after(timeoutMs, () => {
    timeout.abort(new Error(`no key set from ${url} within ${String(timeoutMs)} ms`));
  });
  try {
    const response = await fetch(url, {
      signal: timeout.signal,
      // A key set that is somewhere else than configured is somebody else's.
      redirect: 'error',
      headers: { accept: 'application/jwk-set+json, application/json' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`key set ${url} answered ${String(response.status)}`);
    }
    return readJwks(await response.json());
  } finally {
    stopTimer();
  }
}

/** Lenient on purpose: an issuer may publish keys of kinds that we never use; jose passes them over. */
function readJwks(body: unknown): JSONWebKeySet {
  const keys: unknown = typeof body === 'object' && body !== null && 'keys' in body ? body.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0)
    throw new Error('the answer is not a key set with at least one key');
  return { keys: keys as JSONWebKeySet['keys'] };
}
