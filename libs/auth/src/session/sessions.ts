import { AppError, type Clock, type RandomHex } from '@bff/core';
import type { AuditLog } from '@bff/observability';
import type { KeyValueStore } from '@bff/state';
import type { KeyRing } from './key-ring.ts';
import { createEndings } from './session-endings.ts';
import { createNearCache } from './near-cache.ts';
import { createSessionRefresh } from './refresh-session.ts';
import type { SessionRecord, SignInGrant } from './session-record.ts';
import { SessionStore, type SessionOwner, type StoredSession } from './session-store.ts';
import { createTicket, parseTicket, type SessionTicket } from './session-ticket.ts';
import type { TokenIssuer } from './token-issuer.ts';

export interface SessionsOptions {
  state: KeyValueStore;
  keys: KeyRing;
  issuer: TokenIssuer;
  clock: Clock;
  randomHex: RandomHex;
  audit: AuditLog;
  /** How long a session lives without being used, in milliseconds. */
  idleMs: number;
  /** How long it lives at most, in milliseconds. */
  maxMs: number;
  /** How long reads go on from memory while the store is away, in milliseconds. Default 60 000. */
  nearMs?: number;
  /** How long others wait for an instance that died in mid-refresh, before they look what it left, in milliseconds. Default 3 000. */
  leaseMs?: number;
}

export interface FindOptions {
  /** Whether a session that was read a while ago will do when the store is away; not for what changes something. */
  mayBeStale: boolean;
}

export interface Sessions {
  /** A new session and the value of its cookie. `previous` is what the browser had before; it ends. */
  begin(grant: SignInGrant, previous?: string): Promise<string>;
  /**
   * The session of a cookie, with an access token that is valid; `undefined` when there is none (any more).
   * Rejects with `unavailable` when the store or the issuer is needed and away: then the cookie is to be kept.
   */
  find(value: string, options: FindOptions): Promise<SessionRecord | undefined>;
  /** Signs out, everywhere. Rejects with `unavailable` while the store is away. */
  end(value: string): Promise<SessionRecord | undefined>;
  /** Ends all sessions of a user or of one session of the issuer; how many there were. */
  endAll(owner: SessionOwner): Promise<number>;
  /**
   * Calls `listener`, once, when the session of a cookie ends on whatever instance: signed out, or ended by its issuer. For what
   * outlives the request that was allowed it. Returns what stops listening.
   */
  onEnded(value: string, listener: () => void): () => void;
  /** Resolves when new tokens that are under way are stored, after 10 s at most. */
  close(): Promise<void>;
}

const channel = 'sessions-ended';
/** Tokens are renewed this long before they expire, in milliseconds, so that reads outlive an outage of the store; short-lived ones in their second half. */
const renewAheadMs = 60_000;
/** A token with less than this is not sent anywhere any more, in milliseconds. */
const unusableMs = 5_000;

/** Sessions of browsers: any instance serves any session; what one ends is ended in all. */
export function createSessions(options: SessionsOptions): Sessions {
  const { state, keys, issuer, clock, randomHex, audit, idleMs, maxMs } = options;
  const { nearMs = 60_000, leaseMs = 3_000 } = options;
  const store = new SessionStore({ state, keys, clock, idleMs });
  const near = createNearCache(clock, nearMs);
  const endings = createEndings((hash) => store.has(hash), clock);
  const now = () => clock.date().getTime();
  /** An end of a session, while the store was away. */
  let mayHaveMissed = false;
  const stopListening = state.subscribe(channel, {
    onMessage: (hash) => {
      near.drop(hash);
      endings.tell(hash);
    },
    onGap: () => {
      refresher.storeWasAway();
      mayHaveMissed = true;
      endings.lookAgain();
    },
  });

  async function drop(hash: string, record?: SessionRecord): Promise<boolean> {
    near.drop(hash);
    const removed = await store.remove(hash, record);
    endings.tell(hash);
    await state.publish(channel, hash);
    return removed;
  }

  const refresher = createSessionRefresh({
    state,
    store,
    near,
    issuer,
    clock,
    randomHex,
    leaseMs,
    onRefresh: ({ subject }, outcome) => {
      audit({ action: 'token_refresh', outcome, subject });
    },
    async end({ hash }, record) {
      await drop(hash, record);
      audit({
        action: 'session_ended',
        outcome: 'success',
        reason: 'refused_by_issuer',
        subject: record.subject,
      });
    },
  });

  /** From the store; from memory only while the store is away. */
  async function read(ticket: SessionTicket, mayBeStale: boolean) {
    try {
      const stored = await store.find(ticket);
      // Not before: what tells of messages may be back sooner than what reads, and until then memory is all there is.
      if (mayHaveMissed) near.clear();
      mayHaveMissed = false;
      if (stored) near.put(ticket, stored.record);
      else near.drop(ticket.hash);
      return stored;
    } catch (thrown) {
      refresher.storeWasAway();
      const record = mayBeStale ? near.get(ticket) : undefined;
      if (record && now() < record.endsAt) return { record, version: undefined };
      throw thrown;
    }
  }

  /** Not with every request, and nobody waits for it: whoever writes in between has seen the session, too. */
  function noteUse(ticket: SessionTicket, { record, version }: StoredSession): void {
    if (now() - record.seenAt < Math.min(idleMs / 10, 60_000)) return;
    store.save(ticket, version, { ...record, seenAt: now() }).catch(() => undefined);
  }

  async function withValidToken(ticket: SessionTicket, record: SessionRecord, stale: boolean) {
    const { issuedAt, expiresAt, refreshToken } = record.tokens;
    const renewAt = Math.max(expiresAt - renewAheadMs, (issuedAt + expiresAt) / 2);
    if (now() < renewAt) return record;
    const usable = now() < expiresAt - unusableMs;
    if (usable && (stale || refreshToken === undefined)) return record;
    const renewed = refresher.refresh(ticket, record);
    if (!usable) return renewed;
    // Nobody has to wait, or to fail, as long as the old one is good.
    renewed.catch(() => undefined);
    return record;
  }

  return {
    async begin(grant, previous) {
      const ticket = createTicket(randomHex);
      const startedAt = now();
      const record = { ...grant, startedAt, seenAt: startedAt, endsAt: startedAt + maxMs, generation: 1 };
      const old = previous === undefined ? undefined : parseTicket(previous);
      if (old) await drop(old.hash, (await store.find(old))?.record);
      await store.add(ticket, record);
      // Signed out at the issuer while the sign-in was on its way here.
      if (grant.issuerSession !== undefined && (await store.hasEnded(grant.issuerSession))) {
        await drop(ticket.hash, record);
        throw new AppError('unauthenticated', 'You were signed out meanwhile; sign in again.');
      }
      near.put(ticket, record);
      return ticket.value;
    },

    async find(value, { mayBeStale }) {
      const ticket = parseTicket(value);
      if (!ticket) return undefined;
      const found = await read(ticket, mayBeStale);
      if (!found) return undefined;
      const { record, version } = found;
      if (version !== undefined) noteUse(ticket, { record, version });
      return withValidToken(ticket, record, version === undefined);
    },

    async end(value) {
      const ticket = parseTicket(value);
      if (!ticket) return undefined;
      const stored = await store.find(ticket);
      if (!stored) {
        // Perhaps by a sign-out of which the others could not be told.
        if (!(await store.has(ticket.hash))) await drop(ticket.hash);
        return undefined;
      }
      const { refreshToken } = stored.record.tokens;
      // The user is signed out here whatever the issuer answers, and there whatever the store does.
      if (refreshToken !== undefined) issuer.revoke(refreshToken).catch(() => undefined);
      await drop(ticket.hash, stored.record);
      return stored.record;
    },

    async endAll(owner) {
      if ('issuerSession' in owner) await store.markEnded(owner.issuerSession);
      let ended = 0;
      for (const hash of await store.ownedBy(owner)) {
        if (await drop(hash)) ended++;
        await store.disown(owner, hash);
      }
      return ended;
    },

    onEnded(value, listener) {
      const ticket = parseTicket(value);
      return ticket ? endings.listen(ticket.hash, listener) : () => undefined;
    },

    close() {
      stopListening();
      endings.close();
      return refresher.close();
    },
  };
}
