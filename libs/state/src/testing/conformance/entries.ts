import { expect, it } from '@jest/globals';
import type { StoreSubject } from './store-subject.ts';

const long = { timeToLiveMs: 60_000 };

/** What is kept, until when, and who may write it. */
export function describeEntries(subject: () => StoreSubject): void {
  it('gives back what another instance has set, with its version', async () => {
    const { one, two } = subject();
    const version = await one.set('a', 'first\nüñí\u{1F600}', long);
    expect(await two.get('a')).toEqual({ value: 'first\nüñí\u{1F600}', version });
    expect(await two.get('b')).toBeUndefined();
  });

  it('gives a new version with every write, even of the same value', async () => {
    const { one } = subject();
    const versions = new Set<string>();
    for (let round = 0; round < 3; round++) {
      versions.add(await one.set('a', 'same', long));
      await one.delete('a');
    }
    expect(versions.size).toBe(3);
  });

  it('keeps the name spaces of apps apart', async () => {
    const { harness, one } = subject();
    const other = await harness.open('other');
    await one.set('a', 'mine', long);
    expect(await other.get('a')).toBeUndefined();
    expect(await other.list('', { limit: 10 })).toEqual([]);
    expect(await other.delete('a')).toBe(false);
  });

  it('forgets an entry at its end, and a later write starts a new life', async () => {
    const { harness, one, two } = subject();
    await one.set('a', 'x', { timeToLiveMs: 100 });
    await one.set('b', 'x', { timeToLiveMs: 100 });
    await one.set('b', 'y', long);
    await harness.pass(150);
    expect(await two.get('a')).toBeUndefined();
    expect(await two.delete('a')).toBe(false);
    expect(await two.list('', { limit: 10 })).toMatchObject([{ key: 'b', value: 'y' }]);
  });

  it('compares and sets: only from the expected version', async () => {
    const { one, two } = subject();
    const first = await one.set('a', '1', long);
    const second = await two.compareAndSet('a', first, '2', long);
    expect(second).toEqual(expect.any(String));
    expect(await one.compareAndSet('a', first, '3', long)).toBeUndefined();
    expect(await one.get('a')).toEqual({ value: '2', version: second });
  });

  it('compares and sets: only where nothing is', async () => {
    const { harness, one, two } = subject();
    expect(await one.compareAndSet('a', undefined, '1', { timeToLiveMs: 100 })).toEqual(expect.any(String));
    expect(await two.compareAndSet('a', undefined, '2', long)).toBeUndefined();
    await harness.pass(150);
    expect(await two.compareAndSet('a', undefined, '3', long)).toEqual(expect.any(String));
    expect((await one.get('a'))?.value).toBe('3');
  });

  it('does not compare with what has expired or was deleted, and never mistakes a new entry for the old one', async () => {
    const { harness, one } = subject();
    const version = await one.set('a', '1', { timeToLiveMs: 100 });
    await harness.pass(150);
    expect(await one.compareAndSet('a', version, '2', long)).toBeUndefined();
    await one.set('a', '1', long);
    expect(await one.compareAndSet('a', version, '2', long)).toBeUndefined();
    expect(await one.delete('a', version)).toBe(false);
  });

  it('lets exactly one of many writers through', async () => {
    const { one, two } = subject();
    const version = await one.set('a', '0', long);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : two).compareAndSet('a', version, String(index), long),
      ),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
  });

  it('deletes, at a version or at any', async () => {
    const { one, two } = subject();
    const version = await one.set('a', '1', long);
    expect(await two.delete('a', 'another')).toBe(false);
    expect(await two.delete('a', version)).toBe(true);
    expect(await one.delete('a')).toBe(false);
    await one.set('a', '2', long);
    expect(await two.delete('a')).toBe(true);
    expect(await one.get('a')).toBeUndefined();
    expect(await one.list('', { limit: 10 })).toEqual([]);
  });

  it('fails with unavailable after it was closed', async () => {
    const { one, two } = subject();
    await one.close();
    await expect(one.get('a')).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    await expect(two.get('a')).resolves.toBeUndefined();
  });
}
