export type {
  Entry,
  KeyValueStore,
  Lease,
  LeaseOptions,
  ListedEntry,
  ListOptions,
  StoredUntil,
  Subscription,
} from './key-value-store.ts';
export { openState, type OpenStateOptions } from './open-state.ts';
export { connectRedis, type ConnectRedisOptions, type RedisConnection } from './redis/connect-redis.ts';
