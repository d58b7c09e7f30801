import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { openState } from '@bff/state';
import type { Sessions } from './sessions.ts';
import {
  minute,
  openSessionWorld,
  quiet,
  randomHex,
  stale,
  switchable,
  tokenAt,
  withoutLeases,
  type SessionWorld,
} from './testing/session-world.ts';

let world: SessionWorld;
let clock: SessionWorld['clock'];
let state: SessionWorld['state'];
let issuer: SessionWorld['issuer'];
let audited: SessionWorld['audited'];
let instance: SessionWorld['instance'];
let grant: SessionWorld['grant'];

beforeEach(async () => {
  world = await openSessionWorld();
  ({ clock, state, issuer, audited, instance, grant } = world);
});
afterEach(async () => {
  expect(await world.close()).toBe(0);
});

describe('refresh', () => {
  it('happens before the token expires, and nobody waits for it', async () => {
    const sessions = instance();
    const cookie = await sessions.begin(grant());
    await clock.advance(13.5 * minute);
    expect(await tokenAt(sessions, cookie)).toBe('at-0');
    expect(issuer.calls).toEqual([]);
    await clock.advance(1 * minute);
    issuer.delayMs = 2_000;
    expect(await tokenAt(sessions, cookie)).toBe('at-0');
    await clock.advance(3_000);
    expect(await tokenAt(sessions, cookie)).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('S5 in virtual time: 1 000 requests over 3 instances with an expired token, issuer slowed to 10 s: one refresh, nobody signed out', async () => {
    const instances = [instance(), instance(), instance()];
    const cookie = await instances[0]!.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 10_000;
    const asked = Array.from({ length: 1_000 }, (_, index) => tokenAt(instances[index % 3]!, cookie));
    await clock.advance(11_000);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['at-1']));
    expect(issuer.calls).toEqual(['rt-0']);
    process.stdout.write(
      'S5, virtual time: 1 000 requests, 3 instances, issuer at 10 s: 1 refresh, 0 sign-outs\n',
    );
  });

  it('keeps both the new tokens and what happened to the session meanwhile', async () => {
    const [a, b] = [instance(), instance()];
    const cookie = await a.begin(grant());
    await clock.advance(14.5 * minute);
    issuer.delayMs = 1_000;
    await tokenAt(a, cookie);
    // The other instance notes the use.
    await tokenAt(b, cookie);
    await clock.advance(2_000);
    expect(await tokenAt(b, cookie)).toBe('at-1');
    expect(issuer.calls).toHaveLength(1);
  });

  it('of an instance that dies under way does not keep the others from it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bff-sessions-'));
    const file = join(folder, 'state.db');
    const stores = await Promise.all(
      [1, 2].map(() => openState({ file, namespace: 'test', clock, randomHex })),
    );
    const [a, b] = stores.map((store) => instance({ store: quiet(store) })) as [Sessions, Sessions];
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    // Dies before the issuer was asked: neither renews nor releases its lease, nor shows life.
    const original = issuer.refresh.bind(issuer);
    let bury = () => {};
    issuer.refresh = async () => {
      issuer.refresh = original;
      await stores[0]?.close();
      return new Promise<never>((_resolve, reject) => {
        bury = () => {
          reject(new Error('gone'));
        };
      });
    };
    void tokenAt(a, cookie).catch(() => undefined);
    await clock.advance(10);
    const asked = tokenAt(b, cookie);
    await clock.advance(10_000);
    expect(await asked).toBe('at-1');
    bury();
    await clock.advance(1_000);
    await stores[1]?.close();
    rmSync(folder, { recursive: true });
  });

  it('does not bring back a session that ended meanwhile, and gives its new token back', async () => {
    const [a, b] = [instance(), instance()];
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(100);
    await b.endAll({ subject: 'alice' });
    await clock.advance(2_000);
    expect(await asked).toBeUndefined();
    expect(issuer.revoked).toEqual(['rt-1']);
    expect(await state.list('session:', { limit: 1 })).toEqual([]);
  });

  it('ends the session when the issuer has ended the grant', async () => {
    const sessions = instance();
    const cookie = await sessions.begin(grant({ tokens: { ...issuer.tokens(), refreshToken: 'rt-stolen' } }));
    await clock.advance(16 * minute);
    expect(await tokenAt(sessions, cookie)).toBeUndefined();
    expect(await state.list('session:', { limit: 1 })).toEqual([]);
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'session_ended', reason: 'refused_by_issuer', subject: 'alice' }),
    );
  });

  it('that was refused because another instance was first uses what that one got', async () => {
    const sessions = instance();
    const cookie = await sessions.begin(grant());
    await clock.advance(16 * minute);
    const [{ value, version } = { value: '', version: '' }] = await state.list('session:', { limit: 1 });
    const original = issuer.refresh.bind(issuer);
    issuer.refresh = async (token) => {
      // A holder that was frozen until its lease was over: the other one is through with it.
      issuer.refresh = original;
      const other = tokenAt(instance({ store: withoutLeases(state) }), cookie);
      await clock.advance(4_000);
      expect(await other).toBe('at-1');
      return original(token);
    };
    expect(await tokenAt(sessions, cookie)).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0', 'rt-0']);
    expect((await state.list('session:', { limit: 1 }))[0]).not.toEqual({ value, version });
  });

  it('that fails for another reason signs nobody out, and leaves the issuer alone for a second', async () => {
    const sessions = instance();
    const cookie = await sessions.begin(grant());
    await clock.advance(16 * minute);
    issuer.failure = new AppError('unavailable', 'down');
    for (let round = 0; round < 10; round++) {
      await expect(tokenAt(sessions, cookie)).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(issuer.calls).toHaveLength(1);
    issuer.failure = undefined;
    await clock.advance(1_001);
    expect(await tokenAt(sessions, cookie)).toBe('at-1');
  });

  it('whose result the store does not take is kept until it does', async () => {
    const { store, control } = switchable(quiet(state), clock);
    const [a, b] = [instance({ store }), instance()];
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    control.away = true;
    await clock.advance(1_000);
    expect(await asked).toBe('at-1');
    expect(await tokenAt(a, cookie, stale)).toBe('at-1');
    const elsewhere = tokenAt(b, cookie);
    await clock.advance(5_000);
    control.away = false;
    await clock.advance(1_000);
    expect(await elsewhere).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('whose tokens could not be stored before they expired, too, fails for the moment', async () => {
    let isReadOnly = false;
    const compareAndSet: typeof state.compareAndSet = async (...values) => {
      if (isReadOnly) throw new AppError('unavailable', 'The disk is full.');
      return state.compareAndSet(...values);
    };
    const sessions = instance({ store: { ...quiet(state), compareAndSet }, idleMs: 60 * minute });
    const cookie = await sessions.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(sessions, cookie);
    await clock.advance(500);
    isReadOnly = true;
    await clock.advance(14 * minute);
    expect([await asked, await tokenAt(sessions, cookie)]).toEqual(['at-1', 'at-1']);
    await clock.advance(2 * minute);
    await expect(tokenAt(sessions, cookie)).rejects.toMatchObject({ code: 'unavailable' });
    isReadOnly = false;
    await clock.advance(300);
    const renewed = tokenAt(sessions, cookie);
    await clock.advance(2_000);
    expect(await renewed).toBe('at-2');
  });

  it('ends a session whose token has expired and that has no refresh token', async () => {
    const { refreshToken: _none, ...tokens } = issuer.tokens();
    const sessions = instance();
    const cookie = await sessions.begin(grant({ tokens }));
    await clock.advance(16 * minute);
    expect(await tokenAt(sessions, cookie)).toBeUndefined();
  });

  it('does not end a session that has no refresh token before its token is used up', async () => {
    const { refreshToken: _none, ...tokens } = issuer.tokens();
    const sessions = instance();
    const cookie = await sessions.begin(grant({ tokens }));
    await clock.advance(14.5 * minute);
    for (let round = 0; round < 3; round++) {
      expect(await tokenAt(sessions, cookie)).toBe('at-0');
      await clock.advance(100);
    }
  });
});

/** Two instances that lose the store and get it back, each at its own time. */
function pair() {
  const [a, b] = [switchable(quiet(state), clock), switchable(quiet(state), clock)];
  return {
    a: instance({ store: a.store }),
    b: instance({ store: b.store }),
    goes(away: { a?: boolean; b?: boolean }) {
      Object.assign(a.control, 'a' in away && { away: away.a });
      Object.assign(b.control, 'b' in away && { away: away.b });
    },
  };
}

describe('refresh, when the store is away for longer than any lease', () => {
  it.each([
    ['before the issuer answers', 60_000, 1_000],
    ['for a while, and the issuer takes longer than that', 20_000, 40_000],
  ])('%s: whoever sees the store first leaves the refresh token alone', async (_when, awayMs, answerMs) => {
    const { a, b, goes } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = answerMs;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    goes({ a: true, b: true });
    await clock.advance(awayMs);
    // The other one is back first, by as much as a connection may take.
    goes({ b: false });
    const elsewhere = tokenAt(b, cookie);
    await clock.advance(2_000);
    goes({ a: false });
    await clock.advance(41_000);
    expect(await Promise.all([asked, elsewhere])).toEqual(['at-1', 'at-1']);
    expect(await tokenAt(b, cookie)).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('new tokens are kept for as long as the session could live', async () => {
    const { a, b, goes } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    goes({ a: true });
    await clock.advance(11 * minute);
    goes({ a: false });
    await clock.advance(300);
    expect(await Promise.all([asked, tokenAt(b, cookie)])).toEqual(['at-1', 'at-1']);
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('and comes back without its last writes, nobody is faster than who has the tokens', async () => {
    const { a, b, goes } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    const [before] = await state.list('session:', { limit: 1 });
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    goes({ a: true, b: true });
    const during = tokenAt(b, cookie).catch(() => 'unavailable');
    await clock.advance(20_000);
    await state.set(before!.key, before!.value, { timeToLiveMs: 30 * minute });
    goes({ b: false });
    const elsewhere = tokenAt(b, cookie);
    await clock.advance(2_000);
    goes({ a: false });
    await clock.advance(5_000);
    expect(await Promise.all([asked, during, elsewhere])).toEqual(['at-1', 'unavailable', 'at-1']);
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('for its asker alone: another instance does not wait for ever, and what it gets is the session’s', async () => {
    const { a, b, goes } = pair();
    issuer.rotates = false;
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    goes({ a: true });
    const elsewhere = tokenAt(b, cookie);
    await clock.advance(12_000);
    expect(await Promise.all([asked, elsewhere])).toEqual(['at-1', 'at-2']);
    goes({ a: false });
    await clock.advance(1_000);
    expect(await Promise.all([a, b].map((each) => tokenAt(each, cookie)))).toEqual(['at-2', 'at-2']);
  });
});

describe('refresh', () => {
  it('that failed keeps nobody waiting', async () => {
    const { a, b } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.failure = new AppError('unavailable', 'down');
    await expect(tokenAt(a, cookie)).rejects.toMatchObject({ code: 'unavailable' });
    issuer.failure = undefined;
    expect(await tokenAt(b, cookie)).toBe('at-1');
  });

  it('under way is stored before its instance stops, also when the store is away for a moment', async () => {
    const { a, b, goes } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(14.5 * minute);
    issuer.delayMs = 2_000;
    expect(await tokenAt(a, cookie)).toBe('at-0');
    await clock.advance(100);
    let isClosed = false;
    const closed = a.close().then(() => (isClosed = true));
    goes({ a: true });
    await clock.advance(4_000);
    expect(isClosed).toBe(false);
    goes({ a: false });
    await clock.advance(300);
    await closed;
    expect(await tokenAt(b, cookie)).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('that never ends does not keep an instance from stopping', async () => {
    const { a, goes } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 1_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    goes({ a: true });
    const closed = a.close();
    await clock.advance(10_000);
    await closed;
    expect(await asked).toBe('at-1');
  });

  it('that only waits for another instance does not keep its own from stopping, and does not begin any more', async () => {
    const { a, b } = pair();
    const cookie = await a.begin(grant());
    await clock.advance(16 * minute);
    issuer.delayMs = 8_000;
    const asked = tokenAt(a, cookie);
    await clock.advance(500);
    const waiting = tokenAt(b, cookie);
    await clock.advance(500);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    const closed = b.close().then(() => 'closed');
    await clock.advance(500);
    expect(await Promise.race([closed, clock.advance(0).then(() => 'open')])).toBe('closed');
    await refused;
    await clock.advance(8_000);
    expect(await asked).toBe('at-1');
    expect(issuer.calls).toEqual(['rt-0']);
  });

  it('waits for a store that was away, but not for ever for one that fails now and then', async () => {
    const { a, goes } = pair();
    const [cookie, other] = [await a.begin(grant()), await a.begin(grant())];
    await clock.advance(16 * minute);
    let token: string | undefined;
    const asked = tokenAt(a, cookie).then((given) => (token = given));
    for (let second = 0; second < 16; second += 2) {
      goes({ a: true });
      await expect(tokenAt(a, other)).rejects.toMatchObject({ code: 'unavailable' });
      goes({ a: false });
      await clock.advance(2_000);
      if (second < 2) expect(issuer.calls).toEqual([]);
    }
    expect(token).toBe('at-1');
    await asked;
  });
});
