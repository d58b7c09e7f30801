import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeyValueStore, Lease } from '../key-value-store.ts';

/** How the suite gets the stores of several instances that share one state, and how time passes for them. */
export interface StoreHarness {
  /** One more instance. */
  open(namespace?: string): Promise<KeyValueStore>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  /** Closes what was opened and forgets what was stored. */
  dispose(): Promise<void>;
}

const long = { timeToLiveMs: 60_000 };

/** Every store behaves like this; run over SQLite and over Redis. */
export function describeStore(name: string, createHarness: () => Promise<StoreHarness>): void {
  describe(`${name} as a key-value store`, () => {
    let harness: StoreHarness;
    let one: KeyValueStore;
    let two: KeyValueStore;

    beforeEach(async () => {
      harness = await createHarness();
      one = await harness.open();
      two = await harness.open();
    });
    afterEach(() => harness.dispose());

    it('gives back what another instance has set, with its version', async () => {
      const version = await one.set('a', 'first\nüñí\u{1F600}', long);
      expect(await two.get('a')).toEqual({ value: 'first\nüñí\u{1F600}', version });
      expect(await two.get('b')).toBeUndefined();
    });

    it('gives a new version with every write, even of the same value', async () => {
      const versions = new Set<string>();
      for (let round = 0; round < 3; round++) {
        versions.add(await one.set('a', 'same', long));
        await one.delete('a');
      }
      expect(versions.size).toBe(3);
    });

    it('keeps the name spaces of apps apart', async () => {
      const other = await harness.open('other');
      await one.set('a', 'mine', long);
      expect(await other.get('a')).toBeUndefined();
      expect(await other.list('', { limit: 10 })).toEqual([]);
      expect(await other.delete('a')).toBe(false);
    });

    it('forgets an entry at its end, and a later write starts a new life', async () => {
      await one.set('a', 'x', { timeToLiveMs: 100 });
      await one.set('b', 'x', { timeToLiveMs: 100 });
      await one.set('b', 'y', long);
      await harness.pass(150);
      expect(await two.get('a')).toBeUndefined();
      expect(await two.delete('a')).toBe(false);
      expect(await two.list('', { limit: 10 })).toMatchObject([{ key: 'b', value: 'y' }]);
    });

    it('compares and sets: only from the expected version', async () => {
      const first = await one.set('a', '1', long);
      const second = await two.compareAndSet('a', first, '2', long);
      expect(second).toEqual(expect.any(String));
      expect(await one.compareAndSet('a', first, '3', long)).toBeUndefined();
      expect(await one.get('a')).toEqual({ value: '2', version: second });
    });

    it('compares and sets: only where nothing is', async () => {
      expect(await one.compareAndSet('a', undefined, '1', { timeToLiveMs: 100 })).toEqual(expect.any(String));
      expect(await two.compareAndSet('a', undefined, '2', long)).toBeUndefined();
      await harness.pass(150);
      expect(await two.compareAndSet('a', undefined, '3', long)).toEqual(expect.any(String));
      expect((await one.get('a'))?.value).toBe('3');
    });

    it('does not compare with what has expired or was deleted, and never mistakes a new entry for the old one', async () => {
      const version = await one.set('a', '1', { timeToLiveMs: 100 });
      await harness.pass(150);
      expect(await one.compareAndSet('a', version, '2', long)).toBeUndefined();
      await one.set('a', '1', long);
      expect(await one.compareAndSet('a', version, '2', long)).toBeUndefined();
      expect(await one.delete('a', version)).toBe(false);
    });

    it('lets exactly one of many writers through', async () => {
      const version = await one.set('a', '0', long);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? one : two).compareAndSet('a', version, String(index), long),
        ),
      );
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    it('deletes, at a version or at any', async () => {
      const version = await one.set('a', '1', long);
      expect(await two.delete('a', 'another')).toBe(false);
      expect(await two.delete('a', version)).toBe(true);
      expect(await one.delete('a')).toBe(false);
      await one.set('a', '2', long);
      expect(await two.delete('a')).toBe(true);
      expect(await one.get('a')).toBeUndefined();
      expect(await one.list('', { limit: 10 })).toEqual([]);
    });

    it('lists by prefix, in order, page by page', async () => {
      for (const key of ['b:2', 'a:3', 'a:10', 'a:1', 'a:\u{1F600}', 'aa', 'a'])
        await one.set(key, key, long);
      const page = await two.list('a:', { limit: 2 });
      expect(page.map(({ key }) => key)).toEqual(['a:1', 'a:10']);
      const next = await two.list('a:', { limit: 10, after: 'a:10' });
      expect(next.map(({ key, value }) => [key, value])).toEqual([
        ['a:3', 'a:3'],
        ['a:\u{1F600}', 'a:\u{1F600}'],
      ]);
      expect(await two.list('a:', { limit: 10, after: 'b' })).toEqual([]);
      expect(await two.list('c', { limit: 10 })).toEqual([]);
    });

    it('lists past entries that have expired', async () => {
      for (let index = 0; index < 30; index++) {
        await one.set(`a:${String(index).padStart(2, '0')}`, 'x', { timeToLiveMs: 100 });
      }
      const version = await one.set('a:99', 'y', long);
      await harness.pass(150);
      expect(await two.list('a:', { limit: 2 })).toEqual([{ key: 'a:99', value: 'y', version }]);
    });

    it('lists versions that compare-and-set takes', async () => {
      await one.set('a:1', 'x', long);
      const [listed] = await two.list('a:', { limit: 1 });
      expect(await one.compareAndSet('a:1', listed?.version, 'y', long)).toEqual(expect.any(String));
    });

    it('counts over instances, from the first count on for its whole life', async () => {
      const counts = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).increment('n', 1, long)),
      );
      expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect(await one.increment('n', -5, long)).toBe(15);
      expect((await two.get('n'))?.value).toBe('15');
      expect(await one.increment('short', 1, { timeToLiveMs: 200 })).toBe(1);
      await harness.pass(150);
      expect(await one.increment('short', 1, { timeToLiveMs: 200 })).toBe(2);
      await harness.pass(100);
      expect(await one.increment('short', 1, { timeToLiveMs: 200 })).toBe(1);
    });

    it('refuses to count what is no number', async () => {
      await one.set('a', 'text', long);
      await expect(one.increment('a', 1, long)).rejects.toMatchObject({ code: 'internal' });
      expect((await one.get('a'))?.value).toBe('text');
    });

    it('gives a lease to one at a time, with a growing fence', async () => {
      const first = await one.acquireLease('l', long);
      expect(await two.acquireLease('l', long)).toBeUndefined();
      expect(await one.acquireLease('l', long)).toBeUndefined();
      expect(await two.acquireLease('other', long)).toBeDefined();
      await first?.release();
      const second = await two.acquireLease('l', long);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? Infinity);
      // Giving back twice takes nothing from whoever holds it now.
      await first?.release();
      expect(await one.acquireLease('l', long)).toBeUndefined();
      expect(second?.signal.aborted).toBe(false);
    });

    it('gives a lease to exactly one of many who ask at once', async () => {
      const asked = Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).acquireLease('l', long));
      expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('renews a lease for as long as it is held', async () => {
      const lease = await one.acquireLease('l', { timeToLiveMs: 300 });
      for (let round = 0; round < 6; round++) await harness.pass(100);
      expect(lease?.signal.aborted).toBe(false);
      expect(await two.acquireLease('l', long)).toBeUndefined();
    });

    it('gives the lease of a dead holder to the next when it ends, and tells a holder that comes back', async () => {
      let dead: Lease | undefined;
      const store = await harness.open();
      dead = await store.acquireLease('l', { timeToLiveMs: 300 });
      await store.close();
      expect(await two.acquireLease('l', long)).toBeUndefined();
      for (let round = 0; round < 4; round++) await harness.pass(100);
      const next = await two.acquireLease('l', long);
      expect(next?.fence).toBeGreaterThan(dead?.fence ?? Infinity);
      expect(dead?.signal.aborted).toBe(true);
      dead = undefined;
    });

    it('tells every instance within 100 ms, in order, and only on the channel', async () => {
      const heard: string[] = [];
      const stop = [one, two].map((store, index) =>
        store.subscribe('c', { onMessage: (message) => heard.push(`${index}:${message}`) }),
      );
      await untilListening(harness, one, [one, two]);
      await two.publish('other', 'x');
      await two.publish('c', 'first');
      await one.publish('c', 'second');
      await harness.pass(100);
      expect(heard.filter((each) => each.startsWith('0'))).toEqual(['0:first', '0:second']);
      expect(heard.filter((each) => each.startsWith('1'))).toEqual(['1:first', '1:second']);
      for (const each of stop) each();
      await two.publish('c', 'third');
      await harness.pass(100);
      expect(heard).toHaveLength(4);
    });

    it('fails with unavailable after it was closed', async () => {
      await one.close();
      await expect(one.get('a')).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
      await expect(two.get('a')).resolves.toBeUndefined();
    });
  });
}

/** Until a message reaches every store: a subscription needs a moment. */
async function untilListening(
  harness: StoreHarness,
  from: KeyValueStore,
  stores: readonly KeyValueStore[],
): Promise<void> {
  const heard = new Set<KeyValueStore>();
  const stop = stores.map((store) => store.subscribe('ready', { onMessage: () => heard.add(store) }));
  while (heard.size < stores.length) {
    await from.publish('ready', '');
    await harness.pass(20);
  }
  for (const each of stop) each();
}
