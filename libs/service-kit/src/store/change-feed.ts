import type { Change } from '@bff/contracts';
import { AppError, type CancelTimer, type Clock } from '@bff/core';
import { readChanges, readNewestRevision, readOldestRevision, type ChangeQuery } from './read-changes.ts';
import { readDocument, type Resource, type ResourceType } from './resource.ts';
import { onDatabase } from './store-failure.ts';
import type { Database } from './tables.ts';

export interface ChangeFeedOptions<T extends Resource> {
  db: Database;
  type: ResourceType<T>;
  clock: Clock;
  pollIntervalMs: number;
}

interface Waiter {
  after: number;
  wake(head: number): void;
  fail(reason: AppError): void;
}

/** A slow reader holds at most so many changes; it reads the next ones when it has taken these. */
const batchSize = 100;

/**
 * Changes of all replicas as they are committed. One poller per process looks at the newest revision while anybody waits;
 * each watcher then reads its own changes from the database, so a slow one needs no buffer.
 */
export class ChangeFeed<T extends Resource> {
  readonly #options: ChangeFeedOptions<T>;
  readonly #waiters = new Set<Waiter>();
  #head = 0;
  #stopTimer: CancelTimer | undefined;
  #polling = false;
  #closed: AppError | undefined;

  constructor(options: ChangeFeedOptions<T>) {
    this.#options = options;
  }

  /** The newest revision that is committed. */
  async readHead(): Promise<number> {
    return onDatabase(() => readNewestRevision(this.#options.db));
  }

  async *watch(query: ChangeQuery, signal: AbortSignal): AsyncGenerator<Change<T>, never> {
    await this.#refuseForgotten(query.sinceRevision);
    let last = query.sinceRevision;
    for (;;) {
      const head = await this.#headAfter(last, signal);
      while (last < head) {
        const changes = await this.#read(query, last, head);
        for (const change of changes) {
          if (signal.aborted) throw AppError.from(signal.reason);
          yield change;
        }
        last = changes.length < batchSize ? head : (changes.at(-1)?.revision ?? head);
      }
    }
  }

  /** Tells watchers of this process at once about a revision that it has committed itself. */
  announce(revision: number): void {
    if (revision <= this.#head) return;
    this.#head = revision;
    for (const waiter of this.#waiters) if (waiter.after < revision) waiter.wake(revision);
  }

  /** Ends every watcher with `reason`. */
  close(reason: AppError): void {
    this.#closed = reason;
    this.#fail(reason);
  }

  async #refuseForgotten(sinceRevision: number): Promise<void> {
    if (sinceRevision === 0) return;
    const oldest = await onDatabase(() => readOldestRevision(this.#options.db));
    if (oldest !== undefined && sinceRevision < oldest - 1) {
      throw new AppError(
        'failed_precondition',
        'The changes after this revision are no longer kept. Read the list again, then watch from its newest revision.',
      );
    }
  }

  async #read(query: ChangeQuery, after: number, head: number): Promise<Change<T>[]> {
    const { db, type } = this.#options;
    const rows = await onDatabase(() => readChanges(db, query, { after, head, limit: batchSize }));
    return rows.map(({ revision, document }) => ({
      revision,
      value: readDocument(type, document),
    }));
  }

  async #headAfter(revision: number, signal: AbortSignal): Promise<number> {
    if (signal.aborted) throw AppError.from(signal.reason);
    if (this.#closed) throw this.#closed;
    if (this.#head > revision) return this.#head;
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        this.#waiters.delete(waiter);
        if (this.#waiters.size === 0) this.#stopTimer?.();
      };
      const onAbort = () => {
        waiter.fail(AppError.from(signal.reason));
      };
      const waiter: Waiter = {
        after: revision,
        wake: (head) => {
          leave();
          resolve(head);
        },
        fail: (reason) => {
          leave();
          reject(reason);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
      if (this.#waiters.size === 1) void this.#poll();
    });
  }

  /** Looks once, then again after the interval as long as anybody waits. */
  async #poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      this.announce(await this.readHead());
    } catch (thrown) {
      // Each watcher tells its caller, who may resume at another replica.
      this.#fail(AppError.from(thrown));
    }
    this.#polling = false;
    this.#stopTimer?.();
    if (this.#waiters.size > 0) {
      this.#stopTimer = this.#options.clock.after(this.#options.pollIntervalMs, () => void this.#poll());
    }
  }

  #fail(reason: AppError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
  }
}
