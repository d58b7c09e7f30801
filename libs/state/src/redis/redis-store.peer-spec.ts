import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret, systemClock } from '@bff/core';
import { Redis } from 'ioredis';
import type { KeyValueStore } from '../key-value-store.ts';
import { openState } from '../open-state.ts';
import { startRedis, type RedisProcess } from '../testing/redis-process.ts';
import { describeStore } from '../testing/store-conformance.ts';

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const long = { timeToLiveMs: 60_000 };
const servers: RedisProcess[] = [];
const stores: KeyValueStore[] = [];

async function start(port?: number): Promise<RedisProcess> {
  const server = await startRedis(port);
  servers.push(server);
  return server;
}

async function open(port: number, namespace = 'test'): Promise<KeyValueStore> {
  const redisUrl = new Secret(`redis://127.0.0.1:${port}`);
  const store = await openState({ redisUrl, file: ':memory:', clock: systemClock, randomHex, namespace });
  stores.push(store);
  return store;
}

async function dispose(): Promise<void> {
  for (const store of stores.splice(0)) await store.close();
  for (const server of servers.splice(0)) await server.kill();
}

/** Redis has its own clock: time passes by itself. */
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describeStore('Redis', async () => {
  const { port } = await start();
  return { open: (namespace) => open(port, namespace), pass, dispose };
});

describe('openRedisStore', () => {
  afterEach(dispose);

  it('fails fast while Redis is gone, and works by itself once it is back', async () => {
    const server = await start();
    const store = await open(server.port);
    await store.set('a', 'x', long);
    await server.kill();
    const startedAt = performance.now();
    for (let round = 0; round < 20; round++) {
      await expect(store.get('a')).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    }
    expect(performance.now() - startedAt).toBeLessThan(500);
    await start(server.port);
    await until(async () => (await store.get('a').catch(() => 'away')) === undefined);
    await store.set('a', 'y', long);
    expect((await store.get('a'))?.value).toBe('y');
  });

  it('waits for a frozen Redis twice at most, and not with every call', async () => {
    const server = await start();
    const store = await open(server.port);
    await store.set('a', 'x', long);
    server.signal('SIGSTOP');
    const startedAt = performance.now();
    for (let round = 0; round < 50; round++) {
      await expect(store.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    }
    // Two limits of 150 ms, and room for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    server.signal('SIGCONT');
    await until(async () => (await store.get('a').catch(() => undefined))?.value === 'x');
  });

  it('starts without Redis', async () => {
    const server = await start();
    await server.kill();
    const store = await open(server.port);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    await start(server.port);
    await until(async () => (await store.get('a').catch(() => 'away')) === undefined);
  });

  it('listens again after an outage, and says that messages may be missing', async () => {
    const server = await start();
    const [one, two] = [await open(server.port), await open(server.port)];
    const heard: string[] = [];
    let gaps = 0;
    one.subscribe('c', { onMessage: (message) => heard.push(message), onGap: () => gaps++ });
    await untilHeard(two, heard);
    expect(gaps).toBe(0);
    await server.kill();
    await start(server.port);
    heard.length = 0;
    await untilHeard(two, heard);
    expect(gaps).toBe(1);
  });

  it('subscribes again once, and by itself: what the client library sends nobody would catch', async () => {
    const server = await start();
    const [one, two] = [await open(server.port), await open(server.port)];
    const heard: string[] = [];
    one.subscribe('c', { onMessage: (message) => heard.push(message) });
    await untilHeard(two, heard);
    const operator = new Redis(server.port);
    await operator.call('CONFIG', 'RESETSTAT');
    await operator.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB');
    heard.length = 0;
    await untilHeard(two, heard);
    expect(await operator.info('commandstats')).toContain('cmdstat_subscribe:calls=1,');
    operator.disconnect();
  });

  it('says that messages may be missing when it began to listen while Redis was away', async () => {
    const server = await start();
    await server.kill();
    const store = await open(server.port);
    let gaps = 0;
    store.subscribe('c', { onMessage: () => undefined, onGap: () => gaps++ });
    await start(server.port);
    await until(async () => gaps > 0);
    expect(gaps).toBe(1);
  });

  it('tells a holder whose lease Redis has forgotten, and gives the next a higher fence', async () => {
    const server = await start();
    const store = await open(server.port);
    const lease = await store.acquireLease('l', { timeToLiveMs: 1_500 });
    await server.kill();
    await start(server.port);
    await until(async () => lease?.signal.aborted === true);
    const next = await store.acquireLease('l', { timeToLiveMs: 1_500 });
    expect(next?.fence).toBeGreaterThan(lease?.fence ?? Infinity);
  });

  it('keeps no trace of what has expired in its index', async () => {
    const server = await start();
    const store = await open(server.port);
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => store.set(`a${index}`, 'x', { timeToLiveMs: 50 })),
    );
    await pass(60);
    for (let index = 0; index < 60; index++) await store.set('b', 'x', long);
    const client = new Redis(server.port);
    expect(await client.zcard('state:{test}:index')).toBe(1);
    expect(await client.zcard('state:{test}:expiries')).toBe(1);
    client.disconnect();
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pass(20);
}

async function untilHeard(from: KeyValueStore, heard: readonly string[]): Promise<void> {
  await until(async () => {
    await from.publish('c', 'x').catch(() => undefined);
    return heard.length > 0;
  });
}
