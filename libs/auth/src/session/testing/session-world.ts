import { randomBytes } from 'node:crypto';
import { AppError, Secret, type CancelTimer } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import type { AuditEvent } from '@bff/observability';
import { openState, type KeyValueStore, type Lease, type LeaseOptions, type Subscription } from '@bff/state';
import { createKeyRing, type KeyRing } from '../key-ring.ts';
import type { SignInGrant } from '../session-record.ts';
import { createSessions, type Sessions } from '../sessions.ts';
import { RefreshRefused, type TokenIssuer } from '../token-issuer.ts';

export const minute = 60_000;
export const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
export const fresh = { mayBeStale: false };
export const stale = { mayBeStale: true };

export const ringOf = (...names: string[]) =>
  createKeyRing(
    names.map((name) => new Secret(name.padEnd(40, '-'))),
    randomHex,
  );

/** The session's access token at this instance; undefined when it has ended. */
export const tokenAt = async (sessions: Sessions, cookie: string, options = fresh) =>
  (await sessions.find(cookie, options))?.tokens.accessToken;

/** An issuer that gives every refresh token for one use, and takes the grant back when one is used twice. */
export class StrictIssuer implements TokenIssuer {
  readonly calls: string[] = [];
  readonly revoked: string[] = [];
  readonly #clock: ManualClock;
  #issued = 0;
  #current = 'rt-0';
  delayMs = 0;
  rotates = true;
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
    const used = this.rotates && refreshToken !== this.#current;
    if (!this.failure && !used) this.#current = `rt-${++this.#issued}`;
    const answer = this.tokens();
    if (this.delayMs > 0) await new Promise<void>((resolve) => void this.#clock.after(this.delayMs, resolve));
    if (this.failure) throw this.failure;
    if (used) throw new RefreshRefused('used twice');
    return answer;
  }

  async revoke(refreshToken: string) {
    this.revoked.push(refreshToken);
  }
}

/** Without messages: looking for them every 20 ms makes hours of virtual time long. */
export function quiet(store: KeyValueStore): KeyValueStore {
  return { ...store, subscribe: () => () => undefined };
}

/** A store that can be taken away from one instance; leases that it holds end then, as they do when nobody renews them. */
export function switchable(state: KeyValueStore, clock: ManualClock) {
  const held = new Map<Lease, { timeToLiveMs: number; lost: AbortController; cancel: CancelTimer }>();
  const listening = new Set<Subscription>();
  let isAway = false;
  const control = {
    get away() {
      return isAway;
    },
    set away(value: boolean) {
      const isBack = isAway && !value;
      isAway = value;
      if (isBack) for (const { onGap } of listening) onGap?.();
      for (const [lease, each] of held) {
        each.cancel();
        if (!value) continue;
        each.cancel = clock.after(each.timeToLiveMs, () => {
          held.delete(lease);
          each.lost.abort(new Error('The lease was lost.'));
          void lease.release();
        });
      }
    },
  };
  const hold = (lease: Lease, timeToLiveMs: number): Lease => {
    const each = { timeToLiveMs, lost: new AbortController(), cancel: () => undefined };
    held.set(lease, each);
    return {
      fence: lease.fence,
      signal: AbortSignal.any([lease.signal, each.lost.signal]),
      async release() {
        if (isAway || !held.delete(lease)) return;
        await lease.release();
      },
    };
  };
  const store = new Proxy(state, {
    get(target, name: keyof KeyValueStore) {
      const method = target[name] as (...values: unknown[]) => unknown;
      if (name === 'close') return method.bind(target);
      if (name === 'subscribe') {
        return (channel: string, subscription: Subscription) => {
          listening.add(subscription);
          return target.subscribe(channel, subscription);
        };
      }
      return async (...values: unknown[]) => {
        if (isAway) throw new AppError('unavailable', 'away', { retryAfterMs: 1_000 });
        const answer = await method.apply(target, values);
        if (name !== 'acquireLease' || !answer) return answer;
        return hold(answer as Lease, (values[1] as LeaseOptions).timeToLiveMs);
      };
    },
  });
  return { store, control };
}

export interface InstanceOptions {
  keys?: KeyRing;
  store?: KeyValueStore;
  idleMs?: number;
  maxMs?: number;
}

export type SessionWorld = Awaited<ReturnType<typeof openSessionWorld>>;

/** One store and one issuer in virtual time, for as many instances as a test wants. */
export async function openSessionWorld() {
  const clock = createManualClock();
  const state = await openState({ file: ':memory:', namespace: 'test', clock, randomHex });
  const issuer = new StrictIssuer(clock);
  const audited: AuditEvent[] = [];
  const open: Sessions[] = [];
  return {
    clock,
    state,
    issuer,
    audited,
    instance({ keys = ringOf('one'), store = quiet(state), ...times }: InstanceOptions = {}): Sessions {
      const audit = (event: AuditEvent) => void audited.push(event);
      const defaults = { idleMs: 30 * minute, maxMs: 12 * 60 * minute };
      const options = { ...defaults, ...times, state: store, keys, issuer, clock, randomHex, audit };
      const sessions = createSessions(options);
      open.push(sessions);
      return sessions;
    },
    grant: (more: Partial<SignInGrant> = {}): SignInGrant => ({
      subject: 'alice',
      name: 'Alice Adams',
      issuerSession: 'sid-1',
      tokens: issuer.tokens(),
      ...more,
    }),
    /** How many timers are left, which should be none. */
    async close(): Promise<number> {
      const closed = open.map((sessions) => sessions.close());
      if (clock.pendingTimers() > 0) await clock.advance(10_000);
      await Promise.all(closed);
      await state.close();
      return clock.pendingTimers();
    },
  };
}

/** As if every lease had just ended. */
export function withoutLeases(store: KeyValueStore): KeyValueStore {
  const lease = { fence: 1, signal: new AbortController().signal, release: async () => undefined };
  return new Proxy(store, {
    get: (target, name: keyof KeyValueStore) =>
      name === 'acquireLease' ? async () => lease : (target[name] as () => unknown).bind(target),
  });
}
