import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Clock } from '@bff/core';
import { ConnectionRefused } from '../../proxy/connecting-agent.ts';

export interface SessionPoolOptions {
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
}

/** A connection to one instance that has room for more streams. */
export class PooledSession {
  readonly session: ClientHttp2Session;
  /** From GOAWAY: streams above it were surely not processed. */
  lastStreamId = Infinity;
  #active = 0;
  #leaving = false;

  constructor(session: ClientHttp2Session) {
    this.session = session;
    session.on('goaway', (_code: number, lastStreamId: number) => {
      this.#leaving = true;
      this.lastStreamId = lastStreamId;
    });
  }

  get hasRoom(): boolean {
    const { session } = this;
    if (this.#leaving || session.closed || session.destroyed) return false;
    return this.#active < (session.remoteSettings.maxConcurrentStreams ?? Infinity);
  }

  /** Opens a stream. Throws when the connection has just gone. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.session.request(headers, { endStream: false });
    this.#active++;
    stream.once('close', () => this.#active--);
    return stream;
  }
}

interface Instance {
  readonly sessions: Set<PooledSession>;
  connecting: Promise<PooledSession> | undefined;
}

/** HTTP/2 connections to instances: streams are balanced one by one, so one connection each is enough until it is full. */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #instances = new Map<string, Instance>();
  #closed = false;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  /** A connection to the instance at `grpc://host:port`. Rejects with `ConnectionRefused` when none comes about. */
  async sessionTo(url: string): Promise<PooledSession> {
    if (this.#closed) throw new ConnectionRefused(url, new Error('The pool is closed.'));
    const instance = this.#instanceOf(url);
    for (const pooled of instance.sessions) if (pooled.hasRoom) return pooled;
    instance.connecting ??= this.#connect(url, instance).finally(() => (instance.connecting = undefined));
    return instance.connecting;
  }

  /** Lets an instance that is gone finish what it has. */
  forget(url: string): void {
    for (const { session } of this.#instances.get(url)?.sessions ?? []) session.close();
    this.#instances.delete(url);
  }

  /** Gives up on an instance that no longer answers at all: whatever waits for it fails now. */
  cut(url: string): void {
    for (const { session } of this.#instances.get(url)?.sessions ?? []) session.destroy();
  }

  close(): void {
    this.#closed = true;
    for (const url of this.#instances.keys()) this.cut(url);
  }

  #instanceOf(url: string): Instance {
    const known = this.#instances.get(url) ?? { sessions: new Set<PooledSession>(), connecting: undefined };
    this.#instances.set(url, known);
    return known;
  }

  #connect(url: string, instance: Instance): Promise<PooledSession> {
    const { clock, connectTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const session = connect(url.replace(/^grpc/, 'http'), { settings: { enablePush: false } });
      const pooled = new PooledSession(session);
      const stopTimer = clock.after(connectTimeoutMs, () =>
        session.destroy(new Error('Connecting took too long.')),
      );
      let failure: Error | undefined;
      session.on('error', (error: Error) => (failure = error));
      session.once('connect', () => {
        stopTimer();
        instance.sessions.add(pooled);
        resolve(pooled);
      });
      session.once('close', () => {
        stopTimer();
        instance.sessions.delete(pooled);
        reject(new ConnectionRefused(url, failure));
      });
    });
  }
}

/** Whether a stream that failed was surely not processed: refused, above the last one of GOAWAY, or never sent. */
export function wasUntouched(stream: ClientHttp2Stream, { lastStreamId }: PooledSession): boolean {
  const { id, rstCode, pending } = stream;
  return pending || id === undefined || id > lastStreamId || rstCode === constants.NGHTTP2_REFUSED_STREAM;
}
