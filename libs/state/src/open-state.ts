import type { Clock, RandomHex, Secret } from '@bff/core';
import type { KeyValueStore } from './key-value-store.ts';
import { openRedisStore } from './redis/open-redis-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

export interface OpenStateOptions {
  /** `redis://` or `rediss://`, with the password. State is in `file` without it. */
  redisUrl?: Secret | undefined;
  /** Path of the SQLite file that the instances on this machine share, or `:memory:`. */
  file: string;
  /** Apps that share a store keep apart by it: the app's name. */
  namespace: string;
  clock: Clock;
  randomHex: RandomHex;
  /** Told when the connection to Redis comes and goes, for the log. */
  onChange?: (state: 'ready' | 'away', error: Error | undefined) => void;
}

/** Opens the state that the instances of an app share. Never fails a start: while the store is away its methods fail instead. */
export async function openState(options: OpenStateOptions): Promise<KeyValueStore> {
  const { redisUrl, ...rest } = options;
  return redisUrl ? openRedisStore({ url: redisUrl, ...rest }) : openSqliteStore(rest);
}
