import { describe, expect, it } from '@jest/globals';
import { RecentInvalidations } from './recent-invalidations.ts';

describe('recent invalidations', () => {
  it('are missed by what began before them and carries their tag, by nothing else', () => {
    const recent = new RecentInvalidations();
    const before = recent.begin();
    recent.add(['a']);
    const after = recent.begin();
    expect([before.missed(['a', 'x']), before.missed(['x']), after.missed(['a'])]).toEqual([
      true,
      false,
      false,
    ]);
    recent.add(['a']);
    before.end();
    expect(after.missed(['a'])).toBe(true);
    after.end();
    expect(recent.size).toBe(0);
  });

  it('do not add up, however long something is always being fetched', () => {
    const recent = new RecentInvalidations();
    let fetch = recent.begin();
    for (let write = 0; write < 10_000; write++) {
      recent.add([`order:${String(write)}`, 'user:alice']);
      const next = recent.begin();
      fetch.end();
      fetch = next;
    }
    expect(recent.size).toBeLessThanOrEqual(4);
    fetch.end();
    expect(recent.size).toBe(0);
  });

  it('are not kept when nothing is being fetched', () => {
    const recent = new RecentInvalidations();
    recent.add(['a']);
    expect(recent.size).toBe(0);
  });
});
