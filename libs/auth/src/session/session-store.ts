import type { Clock } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import type { KeyRing } from './key-ring.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionTicket } from './session-ticket.ts';

export interface SessionStoreOptions {
  state: KeyValueStore;
  keys: KeyRing;
  clock: Clock;
  /** How long a session lives without being used, in milliseconds. */
  idleMs: number;
}

export interface StoredSession {
  readonly record: SessionRecord;
  readonly version: string;
}

/** Whose sessions: all of one of the issuer's sessions, or all of a user. */
export type SessionOwner = { issuerSession: string } | { subject: string };

/** For how long a session of the issuer that has ended is remembered: a sign-in may be on its way. */
const endedMs = 10 * 60_000;
const pageSize = 500;

/**
 * Sessions as they are stored: under the hash of their id, sealed with a key of the ring and the cookie's own. The indexes for
 * back-channel logout hold fingerprints. Fails with `unavailable` while the store is away.
 */
export class SessionStore {
  readonly #options: SessionStoreOptions;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  async find(ticket: SessionTicket): Promise<StoredSession | undefined> {
    const entry = await this.#options.state.get(keyOf(ticket.hash));
    const text = entry && this.#options.keys.open(entry.value, contextOf(ticket));
    if (!entry || text === undefined) return undefined;
    const record = JSON.parse(text) as SessionRecord;
    return this.#lifeOf(record) > 0 ? { record, version: entry.version } : undefined;
  }

  /** Whether there is such a session, for who has no cookie to open it with. */
  async has(hash: string): Promise<boolean> {
    return (await this.#options.state.get(keyOf(hash))) !== undefined;
  }

  /** The indexes first: a session that they do not know could not be ended from the back channel. */
  async add(ticket: SessionTicket, record: SessionRecord): Promise<void> {
    const { state } = this.#options;
    const until = { timeToLiveMs: record.endsAt - this.#now() };
    for (const index of this.#indexesOf(record)) await state.set(`${index}${ticket.hash}`, '', until);
    await this.#write(ticket, undefined, record);
  }

  /** The new version, or `undefined` when the session is no longer what it was at `version`. */
  save(ticket: SessionTicket, version: string, record: SessionRecord): Promise<string | undefined> {
    return this.#write(ticket, version, record);
  }

  /** Whether it was there. */
  async remove(hash: string, record?: SessionRecord): Promise<boolean> {
    const { state } = this.#options;
    const removed = await state.delete(keyOf(hash));
    for (const index of record ? this.#indexesOf(record) : []) await state.delete(`${index}${hash}`);
    return removed;
  }

  /** The hashes of the owner's sessions. */
  async ownedBy(owner: SessionOwner): Promise<string[]> {
    const { state } = this.#options;
    const found: string[] = [];
    for (const prefix of this.#prefixesOf(owner)) {
      for (let after = ''; ;) {
        const page = await state.list(prefix, { limit: pageSize, after });
        found.push(...page.map(({ key }) => key.slice(prefix.length)));
        const last = page.at(-1);
        if (!last || page.length < pageSize) break;
        after = last.key;
      }
    }
    return found;
  }

  /** Takes a session out of the owner's index. */
  async disown(owner: SessionOwner, hash: string): Promise<void> {
    for (const prefix of this.#prefixesOf(owner)) await this.#options.state.delete(`${prefix}${hash}`);
  }

  async markEnded(issuerSession: string): Promise<void> {
    const [fingerprint = ''] = this.#options.keys.fingerprints(issuerSession);
    await this.#options.state.set(`ended:${fingerprint}`, '', { timeToLiveMs: endedMs });
  }

  async hasEnded(issuerSession: string): Promise<boolean> {
    const { state, keys } = this.#options;
    for (const each of keys.fingerprints(issuerSession)) {
      if (await state.get(`ended:${each}`)) return true;
    }
    return false;
  }

  async #write(ticket: SessionTicket, version: string | undefined, record: SessionRecord) {
    const { state, keys } = this.#options;
    const sealed = keys.seal(JSON.stringify(record), contextOf(ticket));
    const timeToLiveMs = Math.max(1, this.#lifeOf(record));
    return state.compareAndSet(keyOf(ticket.hash), version, sealed, { timeToLiveMs });
  }

  #lifeOf({ seenAt, endsAt }: SessionRecord): number {
    return Math.min(seenAt + this.#options.idleMs, endsAt) - this.#now();
  }

  #indexesOf({ subject, issuerSession }: SessionRecord): string[] {
    const owners: SessionOwner[] = [{ subject }];
    if (issuerSession !== undefined) owners.push({ issuerSession });
    // By the present key alone; `ownedBy` looks under every key of the ring.
    return owners.flatMap((owner) => this.#prefixesOf(owner).slice(0, 1));
  }

  #prefixesOf(owner: SessionOwner): string[] {
    const [kind, text] =
      'issuerSession' in owner ? ['by-issuer-session', owner.issuerSession] : ['by-subject', owner.subject];
    return this.#options.keys.fingerprints(`${kind} ${text}`).map((each) => `${kind}:${each}:`);
  }

  #now(): number {
    return this.#options.clock.date().getTime();
  }
}

function keyOf(hash: string): string {
  return `session:${hash}`;
}

function contextOf({ hash, key }: SessionTicket) {
  return { purpose: 'session', bound: hash, cookieKey: key } as const;
}
