import { Pool } from 'undici';
import { unavailable } from '../upstream-failure.ts';

export interface PoolOptions {
  /** Per instance. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Keep-alive connections: one pool per address, opened at its first use. */
export interface Pools {
  of(url: string): Pool;
  /** Closes a pool once what is in flight there has ended. */
  forget(url: string): void;
  close(): Promise<void>;
}

export function createPools(options: PoolOptions): Pools {
  const pools = new Map<string, Pool>();
  let closed = false;
  return {
    of(url) {
      if (closed) throw unavailable('refused', 'The upstream was called after its close.');
      const known = pools.get(url);
      if (known) return known;
      const pool = createPool(url, options);
      pools.set(url, pool);
      return pool;
    },
    forget(url) {
      const pool = pools.get(url);
      pools.delete(url);
      // An error now is that of connections which nobody needs any more.
      pool?.close().catch(() => undefined);
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function createPool(url: string, options: PoolOptions): Pool {
  return new Pool(url, {
    connections: options.connections,
    // One request per connection at a time: a slow answer must not hold up another one behind it.
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    maxResponseSize: options.maxResponseBytes,
    // The attempt's own deadline rules, to the millisecond; undici's timers are coarser.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}
