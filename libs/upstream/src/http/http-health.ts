import type { Endpoint, HealthCheck } from '@bff/load-balancing';
import type { Pool } from 'undici';
import { createPools } from './pools.ts';

export interface HttpHealthOptions {
  /** Default `/readyz`. */
  readonly path?: string;
  readonly connectTimeoutMs?: number;
}

/** Asks instances over HTTP whether they are well. */
export interface HttpHealth {
  readonly check: HealthCheck;
  /** Closes the connection to an instance that is gone. */
  forget(endpoint: Endpoint): void;
  close(): Promise<void>;
}

/**
 * Any answer below 500 counts as well: 404 is that of a service which does not know the question, and one that
 * freezes or drains gives another answer or none.
 */
export function createHttpHealth({
  path = '/readyz',
  connectTimeoutMs = 1_000,
}: HttpHealthOptions): HttpHealth {
  // A connection of its own: a check that waits behind slow calls would tell of them and not of the instance.
  const pools = createPools({ connections: 1, connectTimeoutMs, maxResponseBytes: 64 * 1024 });
  return {
    check: async ({ url }, { signal }) => ask(pools.of(url), path, signal),
    forget: ({ url }) => pools.forget(url),
    close: () => pools.close(),
  };
}

async function ask(pool: Pool, path: string, signal: AbortSignal): Promise<boolean> {
  const { statusCode, body } = await pool.request({ method: 'GET', path, signal });
  await body.dump();
  return statusCode < 500;
}
