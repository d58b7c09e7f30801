import type { CancelTimer, Clock } from '@bff/core';
import { notNow, pause } from './landing.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionStore, StoredSession } from './session-store.ts';
import type { SessionTicket } from './session-ticket.ts';

export interface RenewalMarksOptions {
  store: SessionStore;
  clock: Clock;
  /** This instance among those that share the store. */
  instance: string;
  /** How long the mark of another instance is respected that shows no life, in milliseconds. */
  graceMs: number;
}

/**
 * Whoever asks the issuer for new tokens writes that into the session before. A lease alone does not protect them: it ends while
 * the store is away, and then whoever sees the store first would use a refresh token that has been used.
 */
export interface RenewalMarks {
  /** What is stored, once no other instance seems to have asked for newer tokens than `from`'s and not stored them yet. */
  whenLeftAlone(
    ticket: SessionTicket,
    from: SessionRecord,
    lease: AbortSignal,
  ): Promise<StoredSession | undefined>;
  /** `undefined` when the session is no longer what it was. */
  put(ticket: SessionTicket, present: StoredSession): Promise<StoredSession | undefined>;
  /** After asking in vain: nobody needs to wait. */
  remove(ticket: SessionTicket): Promise<void>;
  isMine(record: SessionRecord): boolean;
  /** Shows life once the lease is lost, until told to stop: the issuer's answer may take longer than an outage of the store. */
  keepAlive(ticket: SessionTicket, lease: AbortSignal): () => void;
}

/** Shorter than the grace by more than a lost connection takes to come back, in milliseconds. */
const beatMs = 500;
const lookAgainMs = 100;

export function createRenewalMarks({ store, clock, instance, graceMs }: RenewalMarksOptions): RenewalMarks {
  const isMine = ({ renewing }: SessionRecord) => renewing?.by === instance;

  async function beat(ticket: SessionTicket, count: number): Promise<void> {
    const present = await store.find(ticket);
    if (!present || !isMine(present.record)) return;
    await store.save(ticket, present.version, { ...present.record, renewing: { by: instance, beat: count } });
  }

  return {
    async whenLeftAlone(ticket, from, lease) {
      let seen = '';
      for (let since = clock.now(); ;) {
        const present = await store.find(ticket);
        const mark = present?.record.renewing;
        if (!present || !mark || isMine(present.record) || present.record.generation > from.generation)
          return present;
        const shown = `${mark.by} ${String(mark.beat)}`;
        if (shown !== seen) since = clock.now();
        else if (clock.now() - since >= graceMs) return present;
        seen = shown;
        if (lease.aborted) throw notNow(lease.reason);
        await pause(clock, lookAgainMs);
      }
    },
    async put(ticket, { record, version }) {
      const marked = { ...record, renewing: { by: instance, beat: 0 } };
      const next = await store.save(ticket, version, marked);
      return next === undefined ? undefined : { record: marked, version: next };
    },
    async remove(ticket) {
      const present = await store.find(ticket);
      if (!present || !isMine(present.record)) return;
      const { renewing: _mine, ...record } = present.record;
      await store.save(ticket, present.version, record);
    },
    isMine,
    keepAlive(ticket, lease) {
      let stopped = false;
      let cancel: CancelTimer = () => undefined;
      const show = async (count: number) => {
        await beat(ticket, count).catch(() => undefined);
        if (!stopped) cancel = clock.after(beatMs, () => void show(count + 1));
      };
      const begin = () => void show(1);
      if (lease.aborted) begin();
      else lease.addEventListener('abort', begin, { once: true });
      return () => {
        stopped = true;
        cancel();
        lease.removeEventListener('abort', begin);
      };
    },
  };
}
