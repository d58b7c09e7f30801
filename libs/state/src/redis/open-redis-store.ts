import type { Clock, RandomHex, Secret } from '@bff/core';
import type { Redis, Result } from 'ioredis';
import { holdLease } from '../hold-lease.ts';
import type { Entry, KeyValueStore, ListedEntry } from '../key-value-store.ts';
import { notACounter } from '../store-unavailable.ts';
import { connectRedis, type ConnectRedisOptions } from './connect-redis.ts';
import { guardRedis } from './guard-redis.ts';
import { RedisMessages } from './redis-messages.ts';
import {
  acquireScript,
  deleteScript,
  incrementScript,
  listScript,
  releaseScript,
  renewScript,
  setScript,
} from './redis-scripts.ts';

export interface RedisStoreOptions {
  url: Secret;
  /** Apps that share a Redis keep apart by it. */
  namespace: string;
  clock: Clock;
  randomHex: RandomHex;
  /** How long a command may take before Redis counts as away, in milliseconds. Default 150. */
  timeLimitMs?: number;
  onChange?: ConnectRedisOptions['onChange'];
}

type Arguments = (string | Buffer | number)[];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    stateSet(...values: Arguments): Result<number, Context>;
    stateDelete(...values: Arguments): Result<number, Context>;
    stateIncrement(...values: Arguments): Result<string | null, Context>;
    stateList(...values: Arguments): Result<string[], Context>;
    stateAcquire(...values: Arguments): Result<string | null, Context>;
    stateRenew(...values: Arguments): Result<number, Context>;
    stateRelease(...values: Arguments): Result<number, Context>;
  }
}

/** State in Redis, for instances on many machines. Needs `maxmemory-policy noeviction`: what is evicted is lost. */
export async function openRedisStore(options: RedisStoreOptions): Promise<KeyValueStore> {
  const { url, namespace, clock, randomHex, timeLimitMs = 150, onChange } = options;
  const connect = (told: ConnectRedisOptions['onChange']) =>
    connectRedis({ url, clock, commandTimeoutMs: timeLimitMs, ...(told && { onChange: told }) });
  const connection = await connect(onChange);
  defineScripts(connection.client);
  const guard = guardRedis(connection.client, clock);
  // One name space is one slot of a cluster, so that a script may use all its keys.
  const space = `state:{${namespace}}:`;
  const messages = new RedisMessages({
    clock,
    connect: () => connect(undefined),
    prefix: `${space}channel:`,
  });
  const entryPrefix = `${space}entry:`;
  const index = `${space}index`;
  const keysOf = (key: string) => [entryPrefix + key, index, `${space}expiries`];
  const newVersion = () => randomHex(12);

  async function write(key: string, value: string, timeToLiveMs: number, mode: string, expected = '') {
    const version = newVersion();
    const written = await guard.run((client) =>
      client.stateSet(...keysOf(key), key, value, version, timeToLiveMs, mode, expected),
    );
    return written === 1 ? version : undefined;
  }

  return {
    async get(key) {
      const stored = await guard.run((client) => client.get(entryPrefix + key));
      return stored === null ? undefined : entryOf(stored);
    },
    async set(key, value, { timeToLiveMs }) {
      return (await write(key, value, timeToLiveMs, 'any')) ?? '';
    },
    compareAndSet: (key, expected, value, { timeToLiveMs }) =>
      write(key, value, timeToLiveMs, expected === undefined ? 'absent' : 'version', expected),
    async delete(key, expected) {
      const mode = expected === undefined ? 'any' : 'version';
      return (
        (await guard.run((client) => client.stateDelete(...keysOf(key), key, mode, expected ?? ''))) === 1
      );
    },
    async list(prefix, { limit, after = '' }) {
      const [from, to] = boundsOf(prefix, after);
      const found = await guard.run((client) => client.stateList(index, entryPrefix, from, to, limit));
      return listedOf(found);
    },
    async increment(key, by, { timeToLiveMs }) {
      const count = await guard.run((client) =>
        client.stateIncrement(...keysOf(key), key, by, newVersion(), timeToLiveMs),
      );
      if (count === null) throw notACounter(key);
      return Number(count);
    },
    async acquireLease(name, { timeToLiveMs }) {
      const holder = newVersion();
      const lease = `${space}lease:${name}`;
      const askedAt = clock.now();
      const fence = await guard.run((client) =>
        client.stateAcquire(lease, `${space}fence`, holder, timeToLiveMs),
      );
      if (fence === null) return undefined;
      const renew = async () =>
        (await guard.run((client) => client.stateRenew(lease, holder, timeToLiveMs))) === 1;
      const giveBack = () => guard.run((client) => client.stateRelease(lease, holder));
      return holdLease({ clock, askedAt, fence: Number(fence), timeToLiveMs, renew, giveBack });
    },
    async publish(channel, message) {
      await guard.run((client) => client.publish(`${space}channel:${channel}`, message));
    },
    subscribe: (channel, subscription) => messages.subscribe(channel, subscription),
    async close() {
      guard.close();
      connection.close();
      await messages.close();
    },
  };
}

function defineScripts(client: Redis): void {
  client.defineCommand('stateSet', { numberOfKeys: 3, lua: setScript });
  client.defineCommand('stateDelete', { numberOfKeys: 3, lua: deleteScript });
  client.defineCommand('stateIncrement', { numberOfKeys: 3, lua: incrementScript });
  client.defineCommand('stateList', { numberOfKeys: 1, lua: listScript });
  client.defineCommand('stateAcquire', { numberOfKeys: 2, lua: acquireScript });
  client.defineCommand('stateRenew', { numberOfKeys: 1, lua: renewScript });
  client.defineCommand('stateRelease', { numberOfKeys: 1, lua: releaseScript });
}

function entryOf(stored: string): Entry {
  const end = stored.indexOf('\n');
  return { version: stored.slice(0, end), value: stored.slice(end + 1) };
}

/** In the terms of ZRANGEBYLEX. No byte of UTF-8 is as high as the last one of the upper bound. */
function boundsOf(prefix: string, after: string): [Buffer, Buffer] {
  const first = Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0 ? `(${after}` : `[${prefix}`;
  return [Buffer.from(first), Buffer.concat([Buffer.from(`(${prefix}`), Buffer.from([0xff])])];
}

function listedOf(found: readonly string[]): ListedEntry[] {
  const listed: ListedEntry[] = [];
  for (let at = 0; at + 1 < found.length; at += 2) {
    listed.push({ key: found[at] ?? '', ...entryOf(found[at + 1] ?? '') });
  }
  return listed;
}
