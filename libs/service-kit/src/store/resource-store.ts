import type { Change, Page } from '@bff/contracts';
import { AppError, type Clock } from '@bff/core';
import { createSchema } from './create-schema.ts';
import { ChangeFeed } from './change-feed.ts';
import {
  closeKey,
  findAnswer,
  findAnswered,
  keepAnswer,
  type IdempotencyScope,
  type IdempotentRequest,
} from './idempotency.ts';
import type { OpenedDatabase } from './open-database.ts';
import { findPage, type PageQuery } from './find-page.ts';
import { Purge } from './purge.ts';
import type { ChangeQuery } from './read-changes.ts';
import {
  formatId,
  readDocument,
  sequenceOf,
  type Resource,
  type ResourceType,
  type Written,
} from './resource.ts';
import { runWrite, type Write } from './run-write.ts';
import { onDatabase } from './store-failure.ts';

export interface ResourceStoreOptions<T extends Resource> {
  opened: OpenedDatabase;
  type: ResourceType<T>;
  clock: Clock;
  /** Where the tables stand on PostgreSQL: `order_service`. */
  schema: string;
  /** How often watchers look for changes of other processes. Default 100. */
  pollIntervalMs?: number;
  /** How many changes are kept for watchers that resume. Default 100 000. */
  keptChanges?: number;
}

/**
 * The durable state of one service, shared by its replicas. A write is acknowledged when its transaction is committed.
 * Throws `unavailable` when the database is away.
 */
export class ResourceStore<T extends Resource> {
  readonly #options: ResourceStoreOptions<T>;
  readonly #feed: ChangeFeed<T>;
  readonly #purge: Purge;

  constructor(options: ResourceStoreOptions<T>) {
    this.#options = options;
    const { opened, type, clock } = options;
    this.#feed = new ChangeFeed({
      db: opened.db,
      type,
      clock,
      pollIntervalMs: options.pollIntervalMs ?? 100,
    });
    this.#purge = new Purge({ clock, keptChanges: options.keptChanges ?? 100_000 });
  }

  /** Creates the tables if they are not there. */
  async prepare(): Promise<void> {
    await onDatabase(() => createSchema(this.#options.opened, this.#options.schema));
  }

  /** Fails with `unavailable` when the database does not answer. */
  async ping(): Promise<void> {
    await this.#feed.readHead();
  }

  async get(id: string): Promise<T | undefined> {
    const row = await onDatabase(() =>
      this.#options.opened.db
        .selectFrom('resources')
        .select('document')
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    return row && this.#read(row.document);
  }

  /** Newest first. Throws `invalid_argument` for a page token of another list. */
  async list(query: PageQuery): Promise<Page<T>> {
    const { documents, nextPageToken } = await onDatabase(() => findPage(this.#options.opened.db, query));
    return { items: documents.map((document) => this.#read(document)), nextPageToken };
  }

  /** Every change after `query.sinceRevision`, then the changes as they happen; throws when `signal` aborts, with its reason. */
  watch(query: ChangeQuery, signal: AbortSignal): AsyncGenerator<Change<T>, never> {
    return this.#feed.watch(query, signal);
  }

  /**
   * Stores a new resource under the next id. With `idempotent`, the same request gets the same answer again and makes nothing new;
   * throws `idempotency_key_reused` when the key stands for another request. A write that has not begun when `signal` aborts is dropped.
   */
  async insert(
    make: (identity: { id: string; revision: number }) => Written<T>,
    idempotent?: IdempotentRequest,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#write(async (trx, write) => {
      const now = this.#options.clock.date().getTime();
      const answered = idempotent && (await findAnswer(trx, idempotent, now));
      if (answered !== undefined) return this.#read(answered);
      const { sequence, revision } = write.next();
      const written = make({ id: formatId(this.#options.type.idPrefix, sequence), revision });
      const document = await write.insert([{ ...written, position: sequence }]);
      if (idempotent) await keepAnswer(trx, idempotent, document, now);
      await this.#purge.run(trx, revision);
      return written.value;
    }, signal);
  }

  /**
   * Reads, decides and writes in one transaction. `change` returns undefined when the resource stays as it is, and throws to refuse.
   * Gives undefined when there is no such resource.
   */
  async transition(
    id: string,
    change: (current: T, dueTime: Date | undefined) => Written<T> | undefined,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    return this.#write((_trx, write) => write.change(id, change), signal);
  }

  /**
   * Undoes what `insert` made under an idempotency key, and closes the key in the same transaction: a request with it that
   * is still on its way is refused when it arrives. Gives the resource as it is then, undefined when nothing was made.
   * When `undo` throws, the key stays open.
   */
  async withdraw(
    scope: IdempotencyScope,
    undo: (current: T) => Written<T> | undefined,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    return this.#write(async (trx, write) => {
      const answered = await findAnswered(trx, scope);
      await closeKey(trx, scope, answered, this.#options.clock.date().getTime());
      if (answered === undefined) return undefined;
      return write.change(this.#options.type.idOf(this.#read(answered)), undo);
    }, signal);
  }

  /** Changes up to `limit` resources whose due time has come; each is due for one of the replicas only. Gives how many. */
  async changeDue(limit: number, change: (current: T) => Written<T>): Promise<number> {
    const now = this.#options.clock.date().getTime();
    return this.#write(async (trx, write) => {
      const due = await trx
        .selectFrom('resources')
        .select('document')
        .where('due_time', '<=', now)
        .orderBy('due_time')
        .limit(limit)
        .execute();
      for (const { document } of due) await write.update(change(this.#read(document)));
      return due.length;
    });
  }

  /** Fills an empty store; does nothing when anything was ever written to it. Gives whether it was empty. */
  async seed(written: readonly Written<T>[]): Promise<boolean> {
    return this.#write(async (_trx, write) => {
      if (write.revision > 0) return false;
      const { type } = this.#options;
      const rows = written.map(({ value, dueTime }) => {
        const position = sequenceOf(type.idOf(value));
        return { value: { ...value, revision: write.next().revision }, dueTime, position };
      });
      write.sequence = Math.max(write.sequence, ...rows.map(({ position }) => position));
      await write.insert(rows);
      return true;
    });
  }

  /** Ends every watcher, and every later one at once, with `unavailable`: they resume at another replica. */
  endWatches(): void {
    this.#feed.close(new AppError('unavailable', 'The service is stopping. Try again.'));
  }

  async close(): Promise<void> {
    this.endWatches();
    await this.#options.opened.close();
  }

  async #write<R>(work: Write<T, R>, signal?: AbortSignal): Promise<R> {
    const { opened, type } = this.#options;
    const { result, revision } = await runWrite(opened, type, work, signal);
    this.#feed.announce(revision);
    return result;
  }

  #read(document: string): T {
    return readDocument(this.#options.type, document);
  }
}
