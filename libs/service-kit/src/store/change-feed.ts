import type { Change } from '@bff/contracts';
import { AppError, type CancelTimer, type Clock } from '@bff/core';
import type { Resource, ResourceType } from './resource.ts';
import { onDatabase } from './store-failure.ts';
import type { Database } from './tables.ts';

export interface ChangeQuery {
  /** Changes after this revision; 0 for all that are kept. */
  sinceRevision: number;
  orderIds?: readonly string[] | undefined;
  customerId?: string | undefined;
  /** Only changes of this customer's resources, whatever the filters say. */
  visibleTo?: string | undefined;
}

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
    const { revision } = await onDatabase(() =>
      this.#options.db.selectFrom('counters').select('revision').executeTakeFirstOrThrow(),
    );
    return revision;
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
    const oldest = await onDatabase(() =>
      this.#options.db
        .selectFrom('changes')
        .select('revision')
        .orderBy('revision')
        .limit(1)
        .executeTakeFirst(),
    );
    if (oldest && sinceRevision < oldest.revision - 1) {
      throw new AppError(
        'failed_precondition',
        'The changes after this revision are no longer kept. Read the list again, then watch from its newest revision.',
      );
    }
  }

  async #read(query: ChangeQuery, after: number, head: number): Promise<Change<T>[]> {
    const { orderIds, customerId, visibleTo } = query;
    const rows = await onDatabase(() =>
      this.#options.db
        .selectFrom('changes')
        .select(['revision', 'document'])
        .where('revision', '>', after)
        .where('revision', '<=', head)
        .$if(orderIds !== undefined, (select) => select.where('order_id', 'in', orderIds ?? []))
        .$if(customerId !== undefined, (select) => select.where('customer_id', '=', customerId ?? ''))
        .$if(visibleTo !== undefined, (select) => select.where('customer_id', '=', visibleTo ?? ''))
        .orderBy('revision')
        .limit(batchSize)
        .execute(),
    );
    const { fromJson } = this.#options.type.codec;
    return rows.map(({ revision, document }) => ({ revision, value: fromJson(JSON.parse(document)) }));
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
