import { expect, it } from '@jest/globals';
import type { Lease } from '../../key-value-store.ts';
import type { StoreSubject } from './store-subject.ts';

const long = { timeToLiveMs: 60_000 };

/** The right to do something alone. */
export function describeLeases(subject: () => StoreSubject): void {
  it('gives a lease to one at a time, with a growing fence', async () => {
    const { one, two } = subject();
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
    const { one, two } = subject();
    const asked = Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).acquireLease('l', long));
    expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('renews a lease for as long as it is held', async () => {
    const { harness, one, two } = subject();
    const lease = await one.acquireLease('l', { timeToLiveMs: 300 });
    for (let round = 0; round < 6; round++) await harness.pass(100);
    expect(lease?.signal.aborted).toBe(false);
    expect(await two.acquireLease('l', long)).toBeUndefined();
  });

  it('gives the lease of a dead holder to the next when it ends, and tells a holder that comes back', async () => {
    const { harness, two } = subject();
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
}
