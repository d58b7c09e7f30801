import type { CancelTimer, Clock } from '@bff/core';
import type { Redis } from 'ioredis';
import type { Subscription } from '../key-value-store.ts';
import { Listeners } from '../listeners.ts';
import type { RedisConnection } from './connect-redis.ts';

export interface RedisMessagesOptions {
  clock: Clock;
  /** A connection of its own: one that listens can do little else. Opened with the first subscription. */
  connect(): Promise<RedisConnection>;
  /** Put before every channel. */
  prefix: string;
}

/** Between two checks that the connection is alive, in milliseconds: a line that is cut silently would deliver nothing for ever. */
const checkMs = 2_000;

/** What instances tell each other through Redis. */
export class RedisMessages {
  readonly #options: RedisMessagesOptions;
  readonly #listeners = new Listeners();
  #connection: Promise<RedisConnection> | undefined;
  #cancelCheck: CancelTimer = () => undefined;
  #listenedBefore = false;
  #closed = false;

  constructor(options: RedisMessagesOptions) {
    this.#options = options;
  }

  subscribe(channel: string, subscription: Subscription): () => void {
    const isNew = !this.#listeners.channels.includes(channel);
    const remove = this.#listeners.add(channel, subscription);
    this.#connection ??= this.#open();
    if (isNew) void this.#withClient((client) => client.subscribe(this.#options.prefix + channel));
    return () => {
      if (remove()) void this.#withClient((client) => client.unsubscribe(this.#options.prefix + channel));
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    this.#cancelCheck();
    (await this.#connection?.catch(() => undefined))?.close();
  }

  async #open(): Promise<RedisConnection> {
    const connection = await this.#options.connect();
    const { client } = connection;
    client.on('message', (channel: string, message: string) => {
      this.#listeners.tell(channel.slice(this.#options.prefix.length), message);
    });
    client.on('ready', () => void this.#listenAgain(client));
    if (connection.ready) await this.#listenAgain(client);
    // It comes later, and what was published until then has not been heard.
    else this.#listenedBefore = true;
    this.#checkLater(client);
    return connection;
  }

  async #listenAgain(client: Redis): Promise<void> {
    const channels = this.#listeners.channels.map((channel) => this.#options.prefix + channel);
    try {
      if (channels.length > 0) await client.subscribe(...channels);
      if (this.#listenedBefore) this.#listeners.tellOfGap();
      this.#listenedBefore = true;
    } catch {
      // Also when it was the first time: whoever listens has asked before.
      this.#listenedBefore = true;
      this.#reconnect(client);
    }
  }

  async #withClient(command: (client: Redis) => Promise<unknown>): Promise<void> {
    const connection = await this.#connection;
    // Once it is ready everything that is listened to is subscribed again.
    if (this.#closed || !connection?.ready) return;
    await command(connection.client).catch(() => {
      this.#reconnect(connection.client);
    });
  }

  #checkLater(client: Redis): void {
    if (this.#closed) return;
    this.#cancelCheck = this.#options.clock.after(checkMs, () => {
      if (client.status !== 'ready') {
        this.#checkLater(client);
        return;
      }
      void client
        .ping()
        .catch(() => {
          this.#reconnect(client);
        })
        .then(() => {
          this.#checkLater(client);
        });
    });
  }

  #reconnect(client: Redis): void {
    if (!this.#closed && client.status === 'ready') client.disconnect(true);
  }
}
