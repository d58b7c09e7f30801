import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@bff/core';
import { createBoundedCache } from '../bounded-cache.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionTicket } from './session-ticket.ts';

/** Sessions that this process has lately read from the store; asked only while the store is away. */
export interface NearCache {
  get(ticket: SessionTicket): SessionRecord | undefined;
  put(ticket: SessionTicket, record: SessionRecord): void;
  drop(hash: string): void;
  clear(): void;
}

const maxSessions = 10_000;

/** @param maxAgeMs after how long without the store a session is no longer believed, in milliseconds */
export function createNearCache(clock: Clock, maxAgeMs: number): NearCache {
  const create = () =>
    createBoundedCache<{ key: string; record: SessionRecord; readAt: number }>(maxSessions);
  let sessions = create();
  return {
    get({ hash, key }) {
      const known = sessions.get(hash);
      if (!known || clock.now() - known.readAt > maxAgeMs) return undefined;
      // The store's copy opens with the right key alone, and so does this one.
      return timingSafeEqual(Buffer.from(known.key), Buffer.from(key)) ? known.record : undefined;
    },
    put({ hash, key }, record) {
      sessions.set(hash, { key, record, readAt: clock.now() });
    },
    drop(hash) {
      sessions.delete(hash);
    },
    clear() {
      sessions = create();
    },
  };
}
