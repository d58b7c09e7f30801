import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import type { KeyValueStore } from '../key-value-store.ts';
import { openState } from '../open-state.ts';
import { describeStore } from '../testing/store-conformance.ts';

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const folders: string[] = [];
const stores: KeyValueStore[] = [];

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bff-state-'));
  folders.push(folder);
  return join(folder, 'deep', 'state.db');
}

async function open(file: string, clock: Clock, namespace = 'test'): Promise<KeyValueStore> {
  const store = await openState({ file, clock, randomHex, namespace });
  stores.push(store);
  return store;
}

async function dispose(): Promise<void> {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

describeStore('SQLite', async () => {
  const clock = createManualClock();
  const file = newFile();
  return { open: (namespace) => open(file, clock, namespace), pass: (ms) => clock.advance(ms), dispose };
});

describe('openSqliteStore', () => {
  afterEach(dispose);
  const long = { timeToLiveMs: 60_000 };

  it('sweeps what has expired out of the file', async () => {
    const clock = createManualClock();
    const file = newFile();
    const store = await open(file, clock);
    for (let index = 0; index < 1_200; index++) await store.set(`a${index}`, 'x', { timeToLiveMs: 1_000 });
    await store.set('b', 'x', { timeToLiveMs: 100_000 });
    await store.acquireLease('l', { timeToLiveMs: 600_000 });
    await store.publish('c', 'x');
    await clock.advance(70_001);
    const database = new DatabaseSync(file);
    const rowsOf = (table: string) => database.prepare(`select count(*) as n from ${table}`).get()?.['n'];
    expect([rowsOf('entries'), rowsOf('leases'), rowsOf('messages')]).toEqual([1, 1, 0]);
    database.close();
  });

  it('keeps what was written when all instances have gone, and stops all timers', async () => {
    const clock = createManualClock();
    const file = newFile();
    const first = await open(file, clock);
    await first.set('a', 'x', long);
    first.subscribe('c', { onMessage: () => undefined });
    await first.close();
    await clock.advance(30_000);
    expect(clock.pendingTimers()).toBe(0);
    expect((await (await open(file, clock)).get('a'))?.value).toBe('x');
  });

  it('waits for another process that writes, without holding up this one, and gives up in time', async () => {
    const file = newFile();
    const store = await open(file, systemClock);
    await store.set('a', '1', long);
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const startedAt = performance.now();
    const late = store.set('a', '2', long).catch((thrown: unknown) => thrown);
    expect((await store.get('a'))?.value).toBe('1');
    expect(performance.now() - startedAt).toBeLessThan(400);
    expect(await late).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const soon = store.set('a', '3', long);
    other.exec('commit');
    await soon;
    expect((await store.get('a'))?.value).toBe('3');
    other.close();
  });

  it('opens a file later that could not be opened at first', async () => {
    const file = newFile();
    const folder = dirname(file);
    writeFileSync(folder, 'no folder');
    const store = await open(file, systemClock);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    rmSync(folder);
    await store.set('a', '1', long);
    expect((await store.get('a'))?.value).toBe('1');
  });

  it('says unavailable, and nothing of the path, where there can be no file', async () => {
    const file = newFile();
    writeFileSync(dirname(dirname(file)) + '/deep', '');
    const store = await open(file, systemClock);
    const failure = await store.get('a').catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect((failure as Error).message).not.toContain('deep');
  });

  it('tells listeners that messages may be missing after a long stop', async () => {
    const clock = createManualClock();
    const standing = { ...clock, now: () => clock.now() + stoodMs };
    let stoodMs = 0;
    const store = await open(newFile(), standing);
    let gaps = 0;
    store.subscribe('c', { onMessage: () => undefined, onGap: () => gaps++ });
    await clock.advance(1_000);
    expect(gaps).toBe(0);
    stoodMs = 31_000;
    await clock.advance(100);
    expect(gaps).toBe(1);
  });
});
