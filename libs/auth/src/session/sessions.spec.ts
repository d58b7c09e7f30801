import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, Secret } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import type { AuditEvent } from '@bff/observability';
import { openState, type KeyValueStore } from '@bff/state';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import type { SignInGrant } from './session-record.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { RefreshRefused, type TokenIssuer } from './token-issuer.ts';

const minute = 60_000;
const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const ringOf = (...names: string[]) =>
  createKeyRing(
    names.map((name) => new Secret(name.padEnd(40, '-'))),
    randomHex,
  );
const fresh = { mayBeStale: false };
const stale = { mayBeStale: true };

/** An issuer that gives every refresh token for one use, and takes the grant back when one is used twice. */
class StrictIssuer implements TokenIssuer {
  readonly calls: string[] = [];
  readonly revoked: string[] = [];
  readonly #clock: ManualClock;
  #issued = 0;
  #current = 'rt-0';
  delayMs = 0;
  failure: Error | undefined;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  tokens() {
    const issuedAt = this.#clock.date().getTime();
    return {
      accessToken: `at-${this.#issued}`,
      issuedAt,
      expiresAt: issuedAt + 15 * minute,
      refreshToken: this.#current,
    };
  }

  async refresh(refreshToken: string) {
    this.calls.push(refreshToken);
    const used = refreshToken !== this.#current;
    if (!this.failure && !used) this.#current = `rt-${++this.#issued}`;
    if (this.delayMs > 0) await new Promise<void>((resolve) => void this.#clock.after(this.delayMs, resolve));
    if (this.failure) throw this.failure;
    if (used) throw new RefreshRefused('used twice');
    return this.tokens();
  }

  async revoke(refreshToken: string) {
    this.revoked.push(refreshToken);
  }
}

/** Without messages: looking for them every 20 ms makes hours of virtual time long. */
function quiet(store: KeyValueStore): KeyValueStore {
  return { ...store, subscribe: () => () => undefined };
}

/** A store that can be taken away from one instance. */
function switchable(state: KeyValueStore) {
  const control = { away: false };
  const store = new Proxy(state, {
    get(target, name: keyof KeyValueStore) {
      const method = target[name] as (...values: unknown[]) => unknown;
      if (name === 'subscribe' || name === 'close') return method.bind(target);
      return async (...values: unknown[]) => {
        if (control.away) throw new AppError('unavailable', 'away', { retryAfterMs: 1_000 });
        return method.apply(target, values);
      };
    },
  });
  return { store, control };
}

let clock: ManualClock;
let state: KeyValueStore;
let issuer: StrictIssuer;
let audited: AuditEvent[];
let open: Sessions[];

beforeEach(async () => {
  clock = createManualClock();
  state = await openState({ file: ':memory:', namespace: 'test', clock, randomHex });
  issuer = new StrictIssuer(clock);
  audited = [];
  open = [];
});
afterEach(async () => {
  for (const each of open) each.close();
  await state.close();
  expect(clock.pendingTimers()).toBe(0);
});

interface InstanceOptions {
  keys?: KeyRing;
  store?: KeyValueStore;
  idleMs?: number;
  maxMs?: number;
}

function instance({ keys = ringOf('one'), store = quiet(state), ...times }: InstanceOptions = {}): Sessions {
  const audit = (event: AuditEvent) => void audited.push(event);
  const defaults = { idleMs: 30 * minute, maxMs: 12 * 60 * minute };
  const sessions = createSessions({
    ...defaults,
    ...times,
    state: store,
    keys,
    issuer,
    clock,
    randomHex,
    audit,
  });
  open.push(sessions);
  return sessions;
}

const grant = (more: Partial<SignInGrant> = {}): SignInGrant => ({
  subject: 'alice',
  name: 'Alice Adams',
  issuerSession: 'sid-1',
  tokens: issuer.tokens(),
  ...more,
});

/** The session's access token at this instance; undefined when it has ended. */
const tokenAt = async (sessions: Sessions, cookie: string, options = fresh) =>
  (await sessions.find(cookie, options))?.tokens.accessToken;

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
    const { store, control } = switchable(quiet(state));
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
    const { store, control } = switchable(quiet(state));
    const sessions = instance({ store });
    const cookie = await sessions.begin(grant());
    control.away = true;
    await expect(
      sessions.find(cookie.slice(0, -1) + (cookie.endsWith('0') ? '1' : '0'), stale),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('forget within 100 ms what another instance has ended, before the store goes away', async () => {
    const { store, control } = switchable(state);
    const [a, b] = [instance({ store }), instance()];
    await clock.advance(50);
    const cookie = await a.begin(grant());
    await b.end(cookie);
    await clock.advance(100);
    control.away = true;
    await expect(a.find(cookie, stale)).rejects.toMatchObject({ code: 'unavailable' });
  });
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
    // Dies before the issuer was asked: neither renews nor releases its lease.
    const original = issuer.refresh.bind(issuer);
    issuer.refresh = async () => {
      issuer.refresh = original;
      await stores[0]?.close();
      return new Promise<never>(() => undefined);
    };
    void tokenAt(a, cookie).catch(() => undefined);
    await clock.advance(10);
    const asked = tokenAt(b, cookie);
    await clock.advance(11_000);
    expect(await asked).toBe('at-1');
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
      const other = instance({ store: withoutLeases(state) });
      expect(await tokenAt(other, cookie)).toBe('at-1');
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
    const { store, control } = switchable(quiet(state));
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

  it('ends a session whose token has expired and that has no refresh token', async () => {
    const { refreshToken: _none, ...tokens } = issuer.tokens();
    const sessions = instance();
    const cookie = await sessions.begin(grant({ tokens }));
    await clock.advance(16 * minute);
    expect(await tokenAt(sessions, cookie)).toBeUndefined();
  });
});

/** As if every lease had just ended. */
function withoutLeases(store: KeyValueStore): KeyValueStore {
  const lease = { fence: 1, signal: new AbortController().signal, release: async () => undefined };
  return new Proxy(store, {
    get: (target, name: keyof KeyValueStore) =>
      name === 'acquireLease' ? async () => lease : (target[name] as () => unknown).bind(target),
  });
}
