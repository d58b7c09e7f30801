import type { CancelTimer, Clock } from '@bff/core';
import type { Subscription } from '../key-value-store.ts';
import { Listeners } from '../listeners.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** SQLite tells nobody of a change: whoever listens looks every so many milliseconds, at the cost of one indexed read. */
const pollMs = 20;
const maxMessages = 500;
/** How long a message is kept for those who have not looked yet, in milliseconds. */
export const messageLifeMs = 60_000;

const newest = "select coalesce(max(seq), 0) as id from sqlite_sequence where name = 'messages'";
const since = 'select id, channel, message from messages where id > :id order by id limit :limit';
const add = 'insert into messages (channel, message, published_at) values (:channel, :message, :now)';

/** Messages between the processes that share the file. */
export class SqliteMessages {
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  #cancelPoll: CancelTimer = () => undefined;
  /** Grows with every start and stop, so that what was begun before does nothing after. */
  #run = 0;
  #lastSeen: number | undefined;
  #lastPollAt = 0;

  constructor(file: SqliteFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#file.change(add, { channel, message, now: this.#clock.date().getTime() });
  }

  subscribe(channel: string, subscription: Subscription): () => void {
    const first = this.#listeners.channels.length === 0;
    const remove = this.#listeners.add(channel, subscription);
    // At once and not with the first timer: what is published from now on is not to be missed.
    if (first) void this.#pollAgain(++this.#run);
    return () => {
      remove();
      if (this.#listeners.channels.length === 0) this.#stop();
    };
  }

  close(): void {
    this.#listeners.clear();
    this.#stop();
  }

  #stop(): void {
    this.#run++;
    this.#cancelPoll();
    this.#lastSeen = undefined;
  }

  async #pollAgain(run: number): Promise<void> {
    try {
      await this.#poll(run);
    } catch {
      // The file is away; `#lastPollAt` says since when.
    }
    if (run !== this.#run) return;
    this.#cancelPoll = this.#clock.after(pollMs, () => void this.#pollAgain(run));
  }

  async #poll(run: number): Promise<void> {
    const id = this.#lastSeen;
    if (id === undefined) {
      const row = await this.#file.get(newest, {});
      if (run === this.#run) this.#lastSeen = Number(row?.['id'] ?? 0);
      this.#lastPollAt = this.#clock.now();
      return;
    }
    const rows = await this.#file.all(since, { id, limit: maxMessages });
    if (run !== this.#run) return;
    // Whoever stood still for longer than messages are kept may have missed some; half of it leaves room for sweeping.
    const now = this.#clock.now();
    if (now - this.#lastPollAt > messageLifeMs / 2) this.#listeners.tellOfGap();
    this.#lastPollAt = now;
    for (const row of rows) {
      this.#lastSeen = Number(row['id']);
      this.#listeners.tell(row['channel'] as string, row['message'] as string);
    }
  }
}
