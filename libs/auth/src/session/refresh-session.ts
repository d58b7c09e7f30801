import { AppError, type Clock } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import type { NearCache } from './near-cache.ts';
import type { SessionRecord, SessionTokens } from './session-record.ts';
import type { SessionStore, StoredSession } from './session-store.ts';
import type { SessionTicket } from './session-ticket.ts';
import { RefreshRefused, type TokenIssuer } from './token-issuer.ts';

export interface RefreshOptions {
  state: KeyValueStore;
  store: SessionStore;
  near: NearCache;
  issuer: TokenIssuer;
  clock: Clock;
  /** Told of every refresh that reached the issuer. */
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
}

/** How a flight ended. `saved` outlives its answer when the store goes away in between; lease and flight are held for as long. */
interface Landing {
  readonly record: SessionRecord | undefined;
  readonly saved: Promise<void>;
}

/**
 * Ends by itself when its holder dies; longer than a restart of the store takes, so that it holds through one. Until then nobody
 * else refreshes, which is why tokens are renewed well before they expire.
 */
const leaseMs = 10_000;
/** Those who wait for another instance look again after this time, in milliseconds, first and at most. */
const firstWaitMs = 25;
const longestWaitMs = 250;
/** Longer than the issuer may take. */
const patienceMs = 45_000;
/** After a failure the issuer is left alone for this session, in milliseconds. */
const pauseMs = 1_000;
/** New tokens that the store does not take are offered again for this long, at this interval, in milliseconds. */
const keepOfferingMs = 10 * 60_000;
const offerAgainMs = 200;

/**
 * Single-flight refresh. In one process requests share a flight; across instances a lease with renewal decides who asks, what is
 * stored is read again under it, and saved only over what was read. Issuers that rotate refresh tokens revoke the
 * whole grant when one is used twice.
 */
export function createSessionRefresh(options: RefreshOptions): SessionRefresh {
  const { state, store, near, issuer, clock } = options;
  const flights = new Map<string, Promise<SessionRecord | undefined>>();
  const pausedUntil = new Map<string, number>();

  async function fly(ticket: SessionTicket, from: SessionRecord): Promise<Landing> {
    const giveUpAt = clock.now() + patienceMs;
    for (let waitMs = firstWaitMs; clock.now() < giveUpAt; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      const lease = await state.acquireLease(`refresh:${ticket.hash}`, { timeToLiveMs: leaseMs });
      if (lease) {
        const landing = await underLease(ticket, from, lease.signal).catch(async (thrown: unknown) => {
          await lease.release();
          throw thrown;
        });
        void landing.saved.then(() => lease.release());
        return landing;
      }
      await pause(clock, waitMs);
      const present = await store.find(ticket);
      if (!present || present.record.generation > from.generation) return landed(present?.record);
    }
    throw notNow(new Error('Another instance did not finish refreshing in time.'));
  }

  async function underLease(
    ticket: SessionTicket,
    from: SessionRecord,
    lease: AbortSignal,
  ): Promise<Landing> {
    // Between looking and locking somebody else may have been done.
    const present = await store.find(ticket);
    if (!present || present.record.generation > from.generation) return landed(present?.record);
    if (lease.aborted) throw notNow(lease.reason);
    const { refreshToken } = present.record.tokens;
    if (refreshToken === undefined) {
      await options.end(ticket, present.record);
      return landed(undefined);
    }
    const tokens = await issuer.refresh(refreshToken).catch((thrown: unknown) => {
      if (thrown instanceof RefreshRefused) return undefined;
      throw thrown;
    });
    return tokens ? keep(ticket, present, { refreshToken, ...tokens }) : afterRefusal(ticket, present);
  }

  /** Somebody whose lease was lost while frozen may have used the token first; then his tokens are the session's. */
  async function afterRefusal(ticket: SessionTicket, { record }: StoredSession): Promise<Landing> {
    const later = await store.find(ticket);
    if (!later || later.record.generation > record.generation) return landed(later?.record);
    options.onRefresh(record, 'refused');
    await options.end(ticket, record);
    return landed(undefined);
  }

  async function keep(
    ticket: SessionTicket,
    present: StoredSession,
    tokens: SessionTokens,
  ): Promise<Landing> {
    const renewed = withTokens(present.record, tokens);
    options.onRefresh(renewed, 'success');
    try {
      return landed(await save(ticket, present, tokens));
    } catch {
      // The issuer has rotated the refresh token, and only this process knows the new one.
      near.put(ticket, renewed);
      return { record: renewed, saved: offerAgain(ticket, present, tokens) };
    }
  }

  async function save(
    ticket: SessionTicket,
    found: StoredSession,
    tokens: SessionTokens,
  ): Promise<SessionRecord | undefined> {
    for (let present = found; ;) {
      const renewed = withTokens(present.record, tokens);
      if ((await store.save(ticket, present.version, renewed)) !== undefined) {
        near.put(ticket, renewed);
        return renewed;
      }
      // Used in between (then the tokens belong into what is there now), or ended.
      const later = await store.find(ticket);
      if (later && later.record.generation > found.record.generation) return later.record;
      if (!later) {
        if (tokens.refreshToken !== undefined)
          await issuer.revoke(tokens.refreshToken).catch(() => undefined);
        return undefined;
      }
      present = later;
    }
  }

  async function offerAgain(
    ticket: SessionTicket,
    present: StoredSession,
    tokens: SessionTokens,
  ): Promise<void> {
    const until = clock.now() + keepOfferingMs;
    while (clock.now() < until) {
      await pause(clock, offerAgainMs);
      try {
        await save(ticket, present, tokens);
        return;
      } catch {
        // Still away.
      }
    }
  }

  return {
    async refresh(ticket, from) {
      const { hash } = ticket;
      const flying = flights.get(hash);
      if (flying) return flying;
      if (clock.now() < (pausedUntil.get(hash) ?? -Infinity))
        throw notNow(new Error('Refreshing failed a moment ago.'));
      pausedUntil.delete(hash);
      const landing = fly(ticket, from);
      const flight = landing.then(({ record }) => record);
      // Whoever joined hears of a failure; there may be nobody.
      flight.catch(() => undefined);
      flights.set(hash, flight);
      try {
        const { record, saved } = await landing;
        void saved.then(() => flights.delete(hash));
        return record;
      } catch (thrown) {
        flights.delete(hash);
        pausedUntil.set(hash, clock.now() + pauseMs);
        clock.after(pauseMs, () => pausedUntil.delete(hash));
        throw thrown;
      }
    },
  };
}

function withTokens(record: SessionRecord, tokens: SessionTokens): SessionRecord {
  return { ...record, tokens, generation: record.generation + 1 };
}

function landed(record: SessionRecord | undefined): Landing {
  return { record, saved: Promise.resolve() };
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

function notNow(cause: unknown): AppError {
  return new AppError('unavailable', 'Your session cannot be renewed for the moment; try again shortly.', {
    cause,
    retryAfterMs: 1_000,
  });
}
