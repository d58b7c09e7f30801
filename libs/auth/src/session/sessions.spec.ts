import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import {
  fresh,
  minute,
  openSessionWorld,
  quiet,
  ringOf,
  stale,
  switchable,
  tokenAt,
  type SessionWorld,
} from './testing/session-world.ts';

let world: SessionWorld;
let clock: SessionWorld['clock'];
let state: SessionWorld['state'];
let issuer: SessionWorld['issuer'];
let instance: SessionWorld['instance'];
let grant: SessionWorld['grant'];

beforeEach(async () => {
  world = await openSessionWorld();
  ({ clock, state, issuer, instance, grant } = world);
});
afterEach(async () => {
  expect(await world.close()).toBe(0);
});

describe('createSessions', () => {
  it('serves a session from every instance', async () => {
    const [a, b] = [instance(), instance()];
    const cookie = await a.begin(grant());
    expect(await b.find(cookie, fresh)).toMatchObject({ subject: 'alice', name: 'Alice Adams' });
  });

  it('stores nothing that can be read: no token, no name, no id', async () => {
    const cookie = await instance().begin(grant());
    const stored = JSON.stringify(await state.list('', { limit: 100 }));
    for (const secret of ['at-0', 'rt-0', 'alice', 'Alice', 'sid-1', ...cookie.split('.')]) {
      expect(stored).not.toContain(secret);
    }
    // Nor can whoever has the store and the ring: the rest of the key is in the cookie.
    expect(
      ringOf('one').open((await state.list('session:', { limit: 1 }))[0]!.value, {
        purpose: 'session',
        bound: '',
      }),
    ).toBeUndefined();
  });

  it('knows no cookie with a changed character', async () => {
    const sessions = instance();
    const cookie = await sessions.begin(grant());
    for (let at = 0; at < cookie.length; at++) {
      const changed = cookie.slice(0, at) + (cookie[at] === '0' ? '1' : '0') + cookie.slice(at + 1);
      expect(await sessions.find(changed, stale)).toBeUndefined();
    }
    expect(await sessions.find(cookie, fresh)).toBeDefined();
  });

  it('gives a new id at sign-in and ends the one before', async () => {
    const sessions = instance();
    const planted = await sessions.begin(grant({ subject: 'mallory' }));
    const cookie = await sessions.begin(grant(), planted);
    expect(cookie).not.toBe(planted);
    expect(await sessions.find(planted, stale)).toBeUndefined();
    const made = `${'0'.repeat(32)}.${'0'.repeat(64)}`;
    expect(await sessions.begin(grant(), made)).not.toBe(made);
  });

  it('ends when it is not used, goes on while it is, and ends for good', async () => {
    const sessions = instance({ idleMs: 10_000, maxMs: 60_000 });
    const tokens = { ...issuer.tokens(), expiresAt: Infinity };
    const idle = await sessions.begin(grant({ tokens }));
    await clock.advance(10_001);
    expect(await sessions.find(idle, fresh)).toBeUndefined();
    const used = await sessions.begin(grant({ tokens }));
    for (let round = 0; round < 7; round++) {
      await clock.advance(8_000);
      expect(await sessions.find(used, fresh)).toBeDefined();
    }
    await clock.advance(8_000);
    expect(await sessions.find(used, fresh)).toBeUndefined();
  });

  it('rotates keys: old sessions open, and are sealed anew when they are used', async () => {
    const cookie = await instance({ keys: ringOf('one') }).begin(grant());
    const both = instance({ keys: ringOf('two', 'one') });
    expect(await both.find(cookie, fresh)).toBeDefined();
    expect(await instance({ keys: ringOf('two') }).find(cookie, fresh)).toBeUndefined();
    await clock.advance(5 * minute);
    await both.find(cookie, fresh);
    await clock.advance(1);
    expect(await instance({ keys: ringOf('two') }).find(cookie, fresh)).toBeDefined();
    expect(await instance({ keys: ringOf('one') }).find(cookie, fresh)).toBeUndefined();
    expect(await both.endAll({ issuerSession: 'sid-1' })).toBe(1);
  });

  it('signs out everywhere, and for good', async () => {
    const [a, b] = [instance(), instance()];
    const cookie = await a.begin(grant());
    await b.find(cookie, fresh);
    expect(await a.end(cookie)).toMatchObject({ subject: 'alice' });
    for (const sessions of [a, b]) expect(await sessions.find(cookie, stale)).toBeUndefined();
    expect(await a.end(cookie)).toBeUndefined();
    expect(issuer.revoked).toEqual(['rt-0']);
    expect(await state.list('', { limit: 10 })).toEqual([]);
  });

  it('signs out everywhere also when the others could only be told at the second attempt', async () => {
    let isBroken = true;
    const publish: typeof state.publish = async (...message) => {
      if (isBroken) throw new AppError('unavailable', 'away');
      await state.publish(...message);
    };
    const [a, b] = [instance({ store: { ...state, publish } }), instance({ store: state })];
    const cookie = await a.begin(grant());
    let heard = 0;
    b.onEnded(cookie, () => heard++);
    await clock.advance(100);
    await expect(a.end(cookie)).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(100);
    expect([heard, issuer.revoked]).toEqual([0, ['rt-0']]);
    isBroken = false;
    expect(await a.end(cookie)).toBeUndefined();
    await clock.advance(100);
    expect(heard).toBe(1);
  });

  it('ends all of a user, or those of one session of the issuer', async () => {
    const [a, b] = [instance(), instance()];
    const first = await a.begin(grant());
    const second = await b.begin(grant({ issuerSession: 'sid-2' }));
    const other = await b.begin(grant({ subject: 'bob', issuerSession: 'sid-3' }));
    expect(await b.endAll({ issuerSession: 'sid-1' })).toBe(1);
    expect(await a.find(first, stale)).toBeUndefined();
    expect(await a.find(second, stale)).toBeDefined();
    expect(await a.endAll({ subject: 'alice' })).toBe(1);
    expect(await b.find(second, stale)).toBeUndefined();
    expect(await a.find(other, stale)).toBeDefined();
    expect(await a.endAll({ subject: 'nobody' })).toBe(0);
  });

  it('does not begin a session that the issuer has ended meanwhile', async () => {
    const sessions = instance();
    await sessions.endAll({ issuerSession: 'sid-1' });
    await expect(sessions.begin(grant())).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await state.list('session:', { limit: 1 })).toEqual([]);
  });
});

describe('sessions without their store', () => {
  it('serve reads from memory for a minute, refuse what changes something, and go on when it is back', async () => {
    const { store, control } = switchable(quiet(state), clock);
    const sessions = instance({ store });
    const cookie = await sessions.begin(grant());
    control.away = true;
    await clock.advance(59_000);
    expect(await tokenAt(sessions, cookie, stale)).toBe('at-0');
    await expect(sessions.find(cookie, fresh)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(sessions.begin(grant())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(sessions.end(cookie)).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(2_000);
    await expect(sessions.find(cookie, stale)).rejects.toMatchObject({ code: 'unavailable' });
    control.away = false;
    expect(await tokenAt(sessions, cookie, fresh)).toBe('at-0');
  });

  it('ask for the whole cookie also from memory', async () => {
    const { store, control } = switchable(quiet(state), clock);
    const sessions = instance({ store });
    const cookie = await sessions.begin(grant());
    control.away = true;
    await expect(
      sessions.find(cookie.slice(0, -1) + (cookie.endsWith('0') ? '1' : '0'), stale),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('serve reads until the store answers again, and forget then what may have ended meanwhile', async () => {
    const { store, control } = switchable(quiet(state), clock);
    const [a, b] = [instance({ store }), instance()];
    const [ended, other] = [await a.begin(grant()), await a.begin(grant({ subject: 'bob' }))];
    control.away = true;
    await b.end(ended);
    // Messages come again, reads fail still.
    control.away = false;
    control.away = true;
    expect(await tokenAt(a, other, stale)).toBe('at-0');
    control.away = false;
    expect(await tokenAt(a, other, stale)).toBe('at-0');
    control.away = true;
    expect(await tokenAt(a, other, stale)).toBe('at-0');
    await expect(a.find(ended, stale)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('forget within 100 ms what another instance has ended, before the store goes away', async () => {
    const { store, control } = switchable(state, clock);
    const [a, b] = [instance({ store }), instance()];
    await clock.advance(50);
    const cookie = await a.begin(grant());
    await b.end(cookie);
    await clock.advance(100);
    control.away = true;
    await expect(a.find(cookie, stale)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
