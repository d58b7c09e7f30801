import { expect, it } from '@jest/globals';
import type { StoreSubject } from './store-subject.ts';

const long = { timeToLiveMs: 60_000 };

/** What is found by its prefix, and what is counted. */
export function describeListsAndCounters(subject: () => StoreSubject): void {
  it('lists by prefix, in order, page by page', async () => {
    const { one, two } = subject();
    for (const key of ['b:2', 'a:3', 'a:10', 'a:1', 'a:\u{1F600}', 'aa', 'a']) await one.set(key, key, long);
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
    const { harness, one, two } = subject();
    for (let index = 0; index < 30; index++) {
      await one.set(`a:${String(index).padStart(2, '0')}`, 'x', { timeToLiveMs: 100 });
    }
    const version = await one.set('a:99', 'y', long);
    await harness.pass(150);
    expect(await two.list('a:', { limit: 2 })).toEqual([{ key: 'a:99', value: 'y', version }]);
  });

  it('lists versions that compare-and-set takes', async () => {
    const { one, two } = subject();
    await one.set('a:1', 'x', long);
    const [listed] = await two.list('a:', { limit: 1 });
    expect(await one.compareAndSet('a:1', listed?.version, 'y', long)).toEqual(expect.any(String));
  });

  it('counts over instances, from the first count on for its whole life', async () => {
    const { harness, one, two } = subject();
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
    const { one } = subject();
    await one.set('a', 'text', long);
    await expect(one.increment('a', 1, long)).rejects.toMatchObject({ code: 'internal' });
    expect((await one.get('a'))?.value).toBe('text');
  });
}
