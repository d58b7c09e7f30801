import { systemClock, type Clock, type Secret } from '@bff/core';
import type { Redis } from 'ioredis';

export interface ConnectRedisOptions {
  /** `redis://` or `rediss://` (TLS), with the password; hence secret. */
  url: Secret;
  clock?: Clock;
  /** How long one command may take before Redis counts as away, in milliseconds. Default 100. */
  commandTimeoutMs?: number;
  /** How long the first connection is waited for, and how long each later attempt may take, in milliseconds. Default 1 000. */
  connectTimeoutMs?: number;
  /** Told when the connection comes and goes, for the log. The error is for the log alone. */
  onChange?: (state: 'ready' | 'away', error: Error | undefined) => void;
}

export interface RedisConnection {
  readonly client: Redis;
  readonly ready: boolean;
  close(): void;
}

/**
 * `disconnect` waits this long for the stream's end, in milliseconds, even for one that ended long ago because Redis is away;
 * the library's 2 s would hold up a process that stops during an outage.
 */
const disconnectTimeout = 100;
/** Waits between attempts to connect, in milliseconds: from the first to the last, doubling; the library's own goes up to 5 s. */
const firstRetryMs = 50;
const lastRetryMs = 1_000;

/**
 * Connects to Redis; goes on without it when it does not answer in time, and keeps trying behind the scenes.
 * The client library is loaded here and not before, so that a process without Redis does not pay for it.
 * Commands fail at once while there is no connection: waiting for one would let an outage hang every request.
 */
export async function connectRedis(options: ConnectRedisOptions): Promise<RedisConnection> {
  const { url, clock = systemClock, commandTimeoutMs = 100, connectTimeoutMs = 1_000, onChange } = options;
  const { Redis } = await import('ioredis');
  const client = new Redis(url.reveal(), {
    enableOfflineQueue: false,
    // Commands under way when the connection breaks are given up, not sent again: they may have been counted.
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout,
    // Whoever listens subscribes again with each `ready`. The library's own attempt is nobody's promise: one that Redis does
    // not answer in time would be an unhandled rejection, and end the process.
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(lastRetryMs, firstRetryMs * 2 ** (attempt - 1)),
  });
  report(client, onChange);
  await firstAnswer(client, clock, connectTimeoutMs);
  return {
    client,
    get ready() {
      return client.status === 'ready';
    },
    close() {
      client.disconnect();
    },
  };
}

/** One message per change: an outage makes an error with every attempt. */
function report(client: Redis, onChange: ConnectRedisOptions['onChange']): void {
  let state: 'ready' | 'away' | undefined;
  let last: Error | undefined;
  const become = (next: 'ready' | 'away') => {
    if (state === next) return;
    state = next;
    onChange?.(next, next === 'away' ? last : undefined);
  };
  // Without a listener the library writes to the console.
  client.on('error', (error: Error) => {
    last = error;
  });
  client.on('ready', () => {
    become('ready');
  });
  client.on('close', () => {
    become('away');
  });
}

async function firstAnswer(client: Redis, clock: Clock, limitMs: number): Promise<void> {
  let finish: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stopTimer = clock.after(limitMs, finish);
  client.once('ready', finish);
  client.once('close', finish);
  await settled;
  stopTimer();
  client.off('ready', finish);
  client.off('close', finish);
}
