import { beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import type { Adapter } from 'oidc-provider';
import { createMemoryStore } from './memory-store.ts';

let clock: ManualClock;
let store: Adapter;

beforeEach(() => {
  clock = createManualClock();
  store = createMemoryStore(clock)('Thing');
});

describe('the memory store', () => {
  it('forgets what has expired', async () => {
    await store.upsert('a', { uid: 'u', userCode: 'c' }, 10);
    await clock.advance(9_999);
    expect(await store.find('a')).toBeDefined();
    expect(await store.findByUid('u')).toBeDefined();
    expect(await store.findByUserCode('c')).toBeDefined();
    await clock.advance(1);
    expect(await store.find('a')).toBeUndefined();
    expect(await store.findByUid('u')).toBeUndefined();
    expect(await store.findByUserCode('c')).toBeUndefined();
  });

  it('keeps thousands of entries', async () => {
    for (let id = 0; id < 5_000; id++) await store.upsert(String(id), {}, 10);
    expect(await store.find('0')).toBeDefined();
  });

  it('revokes everything of a grant and nothing else', async () => {
    await store.upsert('a', { grantId: 'g' }, 10);
    await store.upsert('b', { grantId: 'g' }, 10);
    await store.upsert('c', { grantId: 'h' }, 10);
    await store.revokeByGrantId('g');
    expect(await Promise.all(['a', 'b', 'c'].map((id) => store.find(id)))).toEqual([
      undefined,
      undefined,
      { grantId: 'h' },
    ]);
  });

  it('finds the successor of an entry that changed its id', async () => {
    await store.upsert('old', { uid: 'u', n: 1 }, 10);
    await store.upsert('new', { uid: 'u', n: 2 }, 10);
    await store.destroy('old');
    expect(await store.findByUid('u')).toMatchObject({ n: 2 });
  });

  it('marks what was used', async () => {
    await store.upsert('a', {}, 10);
    await store.consume('a');
    expect(await store.find('a')).toEqual({ consumed: clock.date().getTime() / 1_000 });
  });
});
