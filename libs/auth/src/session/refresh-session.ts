import type { CancelTimer, Clock, RandomHex } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import { createTokenKeeper } from './keep-tokens.ts';
import { landed, notNow, pause, type Landing } from './landing.ts';
import type { NearCache } from './near-cache.ts';
import { createRenewalMarks } from './renewal-marks.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionTicket } from './session-ticket.ts';
import { createStoreGrace, graceMs } from './store-grace.ts';
import { RefreshRefused, type TokenIssuer } from './token-issuer.ts';

export interface RefreshOptions {
  state: KeyValueStore;
  store: SessionStore;
  near: NearCache;
  issuer: TokenIssuer;
  clock: Clock;
  randomHex: RandomHex;
  /** How long the right to refresh lasts when its holder dies, in milliseconds. */
  leaseMs: number;
  /** Told of every refresh that the issuer has answered. */
  onRefresh(record: SessionRecord, outcome: 'success' | 'refused'): void;
  /** Ends the session; the issuer no longer knows it. */
  end(ticket: SessionTicket, record: SessionRecord): Promise<void>;
}

export interface SessionRefresh {
  /**
   * The session with tokens newer than `from`'s; `undefined` when it has ended. However many ask, in however many instances,
   * the issuer is asked once. Rejects with `unavailable` while that is not possible; the session lives on.
   */
  refresh(ticket: SessionTicket, from: SessionRecord): Promise<SessionRecord | undefined>;
  /** Somebody found the store away: what others have not yet stored comes with its return. */
  storeWasAway(): void;
  /** Asks for no more. Resolves when no new tokens are under way any more, or after `closeWithinMs`. */
  close(): Promise<void>;
}

/** Those who wait for another instance look again after this time, in milliseconds, first and at most. */
const firstWaitMs = 25;
const longestWaitMs = 250;
/** Longer than the issuer may take. */
const patienceMs = 45_000;
/** After a failure the issuer is left alone for this session, in milliseconds. */
const pauseMs = 1_000;
const closeWithinMs = 10_000;

/**
 * Single-flight refresh. In one process requests share a flight; across instances a lease with renewal decides who asks. What is
 * stored is read again under it, marked before the issuer is asked, and saved only over what was read. Issuers that rotate
 * refresh tokens revoke the whole grant when one is used twice.
 */
export function createSessionRefresh(options: RefreshOptions): SessionRefresh {
  const { state, store, issuer, clock, randomHex, leaseMs } = options;
  const grace = createStoreGrace(clock);
  const marks = createRenewalMarks({ store, clock, instance: randomHex(8), graceMs });
  const keeper = createTokenKeeper(options);
  const flights = new Map<string, Promise<SessionRecord | undefined>>();
  const landings = new Set<Promise<void>>();
  const pausedUntil = new Map<string, number>();
  let closing = false;

  async function fly(ticket: SessionTicket, from: SessionRecord): Promise<Landing> {
    const giveUpAt = clock.now() + patienceMs;
    const isGrace = grace.begin();
    for (let waitMs = firstWaitMs; clock.now() < giveUpAt; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      throwIfClosing();
      const lease = isGrace()
        ? undefined
        : await state.acquireLease(`refresh:${ticket.hash}`, { timeToLiveMs: leaseMs });
      const landing = lease && (await heldBy(lease, () => underLease(ticket, from, lease.signal)));
      if (landing) return landing;
      await pause(clock, waitMs);
      const present = await store.find(ticket);
      if (!present || present.record.generation > from.generation) return landed(present?.record);
    }
    throw notNow(new Error('Another instance did not finish refreshing in time.'));
  }

  /** Tokens that are asked for now might be lost with this process. */
  function throwIfClosing(): void {
    if (closing) throw notNow(new Error('This instance is stopping.'));
  }

  /** `undefined` when somebody else was faster: then he is to be waited for. */
  async function underLease(
    ticket: SessionTicket,
    from: SessionRecord,
    lease: AbortSignal,
  ): Promise<Landing | undefined> {
    // Between looking and locking somebody else may have been done.
    const present = await marks.whenLeftAlone(ticket, from, lease);
    if (!present || present.record.generation > from.generation) return landed(present?.record);
    const { refreshToken } = present.record.tokens;
    if (refreshToken === undefined) {
      await options.end(ticket, present.record);
      return landed(undefined);
    }
    throwIfClosing();
    const marked = await marks.put(ticket, present);
    if (!marked) return undefined;
    if (lease.aborted) throw notNow(lease.reason);
    const tokens = await ask(ticket, refreshToken, lease);
    if (!tokens) return afterRefusal(ticket, marked.record);
    options.onRefresh(marked.record, 'success');
    return keeper.keep(ticket, marked, { refreshToken, ...tokens });
  }

  /** `undefined` when the issuer says that the grant has ended. */
  async function ask(ticket: SessionTicket, refreshToken: string, lease: AbortSignal) {
    const stop = marks.keepAlive(ticket, lease);
    try {
      return await issuer.refresh(refreshToken);
    } catch (thrown) {
      if (thrown instanceof RefreshRefused) return undefined;
      await marks.remove(ticket).catch(() => undefined);
      throw thrown;
    } finally {
      stop();
    }
  }

  /** Somebody who had waited in vain may have used the token first; then his tokens are the session's. */
  async function afterRefusal(ticket: SessionTicket, asked: SessionRecord): Promise<Landing | undefined> {
    const later = await store.find(ticket);
    if (!later || later.record.generation > asked.generation) return landed(later?.record);
    if (!marks.isMine(later.record)) return undefined;
    options.onRefresh(asked, 'refused');
    await options.end(ticket, asked);
    return landed(undefined);
  }

  /** A flight whose tokens the store does not take may last longer than they do. */
  function notExpired(record: SessionRecord | undefined): SessionRecord | undefined {
    if (record && record.tokens.expiresAt <= clock.date().getTime())
      throw notNow(new Error('New tokens could not be stored, and have expired.'));
    return record;
  }

  async function take(ticket: SessionTicket, from: SessionRecord): Promise<SessionRecord | undefined> {
    const { hash } = ticket;
    const landing = fly(ticket, from);
    const flight = landing.then(({ record }) => record);
    // Whoever joined hears of a failure; there may be nobody.
    flight.catch(() => undefined);
    flights.set(hash, flight);
    const over = landing
      .then(({ saved }) => saved)
      .catch(() => {
        pausedUntil.set(hash, clock.now() + pauseMs);
        clock.after(pauseMs, () => pausedUntil.delete(hash));
      })
      .then(() => {
        flights.delete(hash);
        landings.delete(over);
      });
    landings.add(over);
    return flight;
  }

  return {
    async refresh(ticket, from) {
      const flying = flights.get(ticket.hash);
      if (flying) return notExpired(await flying);
      if (clock.now() < (pausedUntil.get(ticket.hash) ?? -Infinity))
        throw notNow(new Error('Refreshing failed a moment ago.'));
      pausedUntil.delete(ticket.hash);
      return take(ticket, from);
    },
    storeWasAway: grace.storeWasAway,
    async close() {
      closing = true;
      keeper.close();
      if (landings.size === 0) return;
      let stopTimer: CancelTimer = () => undefined;
      const tooLong = new Promise<void>((resolve) => (stopTimer = clock.after(closeWithinMs, resolve)));
      await Promise.race([Promise.all(landings), tooLong]);
      stopTimer();
    },
  };
}

/** Gives the lease back when all is saved, or at once when there is nothing to save. */
async function heldBy(
  lease: { release(): Promise<void> },
  work: () => Promise<Landing | undefined>,
): Promise<Landing | undefined> {
  try {
    const landing = await work();
    void (landing?.saved ?? Promise.resolve()).then(() => lease.release());
    return landing;
  } catch (thrown) {
    await lease.release();
    throw thrown;
  }
}
