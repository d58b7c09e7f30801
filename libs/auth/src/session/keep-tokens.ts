import type { Clock } from '@bff/core';
import { landed, pause, type Landing } from './landing.ts';
import type { NearCache } from './near-cache.ts';
import type { SessionRecord, SessionTokens } from './session-record.ts';
import type { SessionStore, StoredSession } from './session-store.ts';
import type { SessionTicket } from './session-ticket.ts';
import type { TokenIssuer } from './token-issuer.ts';

export interface TokenKeeperOptions {
  store: SessionStore;
  near: NearCache;
  issuer: TokenIssuer;
  clock: Clock;
}

export interface TokenKeeper {
  /** Stores new tokens; while the store is away, keeps them and offers them again. Never rejects. */
  keep(ticket: SessionTicket, present: StoredSession, tokens: SessionTokens): Promise<Landing>;
  /** What the store has not taken soon is lost with this process. */
  close(): void;
}

/** New tokens that the store does not take are offered again at this interval, in milliseconds. */
const offerAgainMs = 200;
/** A process that stops offers them for this long, in milliseconds. */
const lastOffersMs = 5_000;

export function createTokenKeeper({ store, near, issuer, clock }: TokenKeeperOptions): TokenKeeper {
  let closedAt = Infinity;

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

  /** For as long as the session could live: no other process has these tokens, and the old ones are spent. */
  async function offerAgain(
    ticket: SessionTicket,
    present: StoredSession,
    tokens: SessionTokens,
  ): Promise<void> {
    const mayGoOn = () =>
      clock.date().getTime() < present.record.endsAt && clock.now() < closedAt + lastOffersMs;
    while (mayGoOn()) {
      await pause(clock, offerAgainMs);
      try {
        if (!(await save(ticket, present, tokens))) near.drop(ticket.hash);
        return;
      } catch {
        // Still away.
      }
    }
  }

  return {
    async keep(ticket, present, tokens) {
      try {
        return landed(await save(ticket, present, tokens));
      } catch {
        // The issuer has rotated the refresh token, and only this process knows the new one.
        const renewed = withTokens(present.record, tokens);
        near.put(ticket, renewed);
        return { record: renewed, saved: offerAgain(ticket, present, tokens) };
      }
    },
    close() {
      closedAt = clock.now();
    },
  };
}

function withTokens({ renewing: _done, ...record }: SessionRecord, tokens: SessionTokens): SessionRecord {
  return { ...record, tokens, generation: record.generation + 1 };
}
