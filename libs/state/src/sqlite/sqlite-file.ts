import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '@bff/core';
import { storeUnavailable } from '../store-unavailable.ts';
import { sqliteSchema } from './sqlite-schema.ts';

export interface SqliteFileOptions {
  /** Path of the file, or `:memory:`. */
  file: string;
  clock: Clock;
  /** How long another process's write is waited for, in milliseconds. */
  timeLimitMs: number;
}

type Row = Record<string, SQLInputValue>;
type Values = Record<string, SQLInputValue>;

const sqliteBusy = 5;
/** Between two attempts while another process writes, in milliseconds; its transactions are shorter than that. */
const retryMs = 2;

/** One connection to a SQLite file, shared by the processes of this machine. Statements are short and alone are transactions. */
export class SqliteFile {
  readonly #options: SqliteFileOptions;
  readonly #statements = new Map<string, StatementSync>();
  /** Undefined after a failure: the next use tries again. */
  #opened: Promise<DatabaseSync> | undefined;
  #closed = false;

  constructor(options: SqliteFileOptions) {
    this.#options = options;
    this.#opened = this.#openOrForget();
  }

  all(sql: string, values: Values): Promise<Row[]> {
    return this.#run((database) => this.#prepare(database, sql).all(values) as Row[]);
  }

  get(sql: string, values: Values): Promise<Row | undefined> {
    return this.#run((database) => this.#prepare(database, sql).get(values) as Row | undefined);
  }

  /** How many rows changed. */
  change(sql: string, values: Values): Promise<number> {
    return this.#run((database) => Number(this.#prepare(database, sql).run(values).changes));
  }

  /** Runs `first` and then `second` as one, for its row. */
  getAfter(
    first: string,
    second: string,
    values: { first: Values; second: Values },
  ): Promise<Row | undefined> {
    return this.#run((database) => {
      database.exec('begin immediate');
      try {
        this.#prepare(database, first).run(values.first);
        const row = this.#prepare(database, second).get(values.second) as Row | undefined;
        database.exec('commit');
        return row;
      } catch (thrown) {
        if (database.isTransaction) database.exec('rollback');
        throw thrown;
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    (await this.#opened?.catch(() => undefined))?.close();
  }

  async #run<T>(use: (database: DatabaseSync) => T): Promise<T> {
    if (this.#closed) throw storeUnavailable(new Error('The store is closed.'));
    try {
      const database = await (this.#opened ??= this.#openOrForget());
      return await this.#whileBusy(() => use(database));
    } catch (thrown) {
      throw storeUnavailable(thrown);
    }
  }

  #openOrForget(): Promise<DatabaseSync> {
    const opened = this.#open();
    // Whoever uses the store is told; nobody else has to be.
    opened.catch(() => {
      this.#opened = undefined;
    });
    return opened;
  }

  async #open(): Promise<DatabaseSync> {
    const { DatabaseSync } = await import('node:sqlite');
    const { file } = this.#options;
    if (file !== ':memory:') createFolder(dirname(file));
    // No timeout: SQLite would block the event loop while it waits.
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      await this.#prepareFile(database);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return database;
  }

  async #prepareFile(database: DatabaseSync): Promise<void> {
    await this.#whileBusy(() => {
      database.exec('pragma journal_mode = wal');
    });
    // A commit survives the death of the process, though not that of the machine.
    database.exec('pragma synchronous = normal');
    await this.#whileBusy(() => {
      database.exec(sqliteSchema);
    });
  }

  /** Waits for other processes without holding up this one. */
  async #whileBusy<T>(use: () => T): Promise<T> {
    const { clock, timeLimitMs } = this.#options;
    for (const startedAt = clock.now(); ;) {
      try {
        return use();
      } catch (thrown) {
        // The low byte is the kind of error, what is above says why.
        const code = Number((thrown as { errcode?: unknown }).errcode) & 0xff;
        if (code !== sqliteBusy || clock.now() - startedAt >= timeLimitMs) throw thrown;
      }
      await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
    }
  }

  #prepare(database: DatabaseSync, sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** One level at a time: Node's own recursion never ends where nobody can make a folder, below /proc for instance. */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}
