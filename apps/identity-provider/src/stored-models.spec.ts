import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '@bff/auth/session';
import { Secret } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import { openState, type KeyValueStore } from '@bff/state';
import type { Adapter } from 'oidc-provider';
import { createStoredModels } from './stored-models.ts';

let clock: ManualClock;
let state: KeyValueStore;
let store: Adapter;

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const ringOf = (...secrets: string[]) =>
  createKeyRing(
    secrets.map((each) => new Secret(each)),
    randomHex,
  );
const modelOf = (name: string, keys = ringOf('one')) => createStoredModels({ state, keys, clock })(name);

beforeEach(async () => {
  clock = createManualClock();
  state = await openState({ file: ':memory:', namespace: 'test', clock, randomHex });
  store = modelOf('Thing');
});
afterEach(() => state.close());

describe('stored models', () => {
  it('forget what has expired', async () => {
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

  it('revoke everything of a grant and nothing else', async () => {
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

  it('find the successor of an entry that changed its id', async () => {
    await store.upsert('old', { uid: 'u', n: 1 }, 10);
    await store.upsert('new', { uid: 'u', n: 2 }, 10);
    await store.destroy('old');
    expect(await store.findByUid('u')).toMatchObject({ n: 2 });
  });

  it('mark what was used', async () => {
    const now = clock.date().getTime() / 1_000;
    await store.upsert('a', { exp: now + 10 }, 10);
    await store.consume('a');
    expect(await store.find('a')).toEqual({ exp: now + 10, consumed: now });
    await clock.advance(10_000);
    expect(await store.find('a')).toBeUndefined();
    await store.consume('unknown');
  });

  it('are used by one of those who come at once', async () => {
    await store.upsert('a', {}, 10);
    const uses = await Promise.allSettled(Array.from({ length: 10 }, () => store.consume('a')));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(store.consume('a')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('of one kind do not find those of another', async () => {
    await store.upsert('a', { uid: 'u', grantId: 'g' }, 10);
    await modelOf('Other').revokeByGrantId('g');
    expect(await modelOf('Other').find('a')).toBeUndefined();
    expect(await store.find('a')).toBeDefined();
  });

  it('show nothing to who reads the store', async () => {
    await store.upsert('token-1', { grantId: 'grant-1', uid: 'uid-1', userCode: 'code-1', sub: 'alice' }, 10);
    const dump = JSON.stringify(await state.list('', { limit: 100 }));
    for (const secret of ['token-1', 'grant-1', 'uid-1', 'code-1', 'alice'])
      expect(dump).not.toContain(secret);
  });

  it('outlive a rotation of keys, and open with none but theirs', async () => {
    await store.upsert('a', { grantId: 'g', userCode: 'c' }, 10);
    const both = modelOf('Thing', ringOf('two', 'one'));
    expect(await both.findByUserCode('c')).toBeDefined();
    expect(await modelOf('Thing', ringOf('two')).find('a')).toBeUndefined();
    await both.revokeByGrantId('g');
    expect(await both.find('a')).toBeUndefined();
  });
});
