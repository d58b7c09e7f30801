import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import { Statements } from './sqlite-statements.ts';

/** Kysely over `node:sqlite`: one connection to the file, which a transaction has for itself from its beginning to its end. */
export function createNodeSqliteDialect(open: () => Promise<DatabaseSync>): Dialect {
  return {
    createAdapter: () => new OwnTurnsAdapter(),
    createDriver: () => new NodeSqliteDriver(open),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Kysely's mutex would keep readers out while a transaction waits for the lock of another process. */
class OwnTurnsAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

const sqliteBusy = 5;
/** How long a write waits for another process's transaction, and how often it looks. */
export const lockLimitMs = 5_000;
const lockPauseMs = 5;

/** A transaction of this process, from the moment in which it has the lock. */
interface OpenTransaction {
  readonly owner: DatabaseConnection;
  readonly ended: Promise<undefined>;
  readonly end: (value: undefined) => void;
}

class NodeSqliteDriver implements Driver {
  readonly #open: () => Promise<DatabaseSync>;
  #database: DatabaseSync | undefined;
  #statements: Statements | undefined;
  #transaction: OpenTransaction | undefined;

  constructor(open: () => Promise<DatabaseSync>) {
    this.#open = open;
  }

  async init(): Promise<void> {
    this.#database = await this.#open();
    this.#statements = new Statements(this.#database);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const statements = this.#statements;
    if (!statements) throw new Error('The database is not open.');
    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery) => {
        await this.#untilFree(connection);
        return statements.execute<Row>(query);
      },
      streamQuery() {
        throw new Error('Reading row by row is not supported; read in pages.');
      },
    };
    return connection;
  }

  async beginTransaction(owner: DatabaseConnection): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += lockPauseMs) {
      await this.#untilFree(owner);
      if (this.#beginNow()) break;
      if (waitedMs >= lockLimitMs) throw new Error('The database is locked by another process.');
      await pause(lockPauseMs);
    }
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    this.#transaction = { owner, ended, end };
  }

  async commitTransaction(): Promise<void> {
    this.#database?.exec('commit');
    this.#ended();
  }

  async rollbackTransaction(): Promise<void> {
    try {
      this.#database?.exec('rollback');
    } finally {
      this.#ended();
    }
  }

  async releaseConnection(): Promise<void> {
    // The one connection to the file stays open.
  }

  async destroy(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
    this.#statements = undefined;
  }

  /**
   * Whether the lock was free. SQLite itself would wait for it, but it blocks the event loop while it does: a replica that is
   * frozen in the middle of a write would freeze the others with it, reads and health included.
   */
  #beginNow(): boolean {
    const database = this.#database;
    if (!database) throw new Error('The database is not open.');
    database.exec('pragma busy_timeout = 0');
    try {
      // A deferred transaction that reads before it writes fails with BUSY_SNAPSHOT, whatever the timeout.
      database.exec('begin immediate');
      return true;
    } catch (thrown) {
      if ((thrown as { errcode?: unknown }).errcode !== sqliteBusy) throw thrown;
      return false;
    } finally {
      database.exec(`pragma busy_timeout = ${String(lockLimitMs)}`);
    }
  }

  /** Nobody else sees what a transaction has not committed. */
  async #untilFree(connection: DatabaseConnection): Promise<void> {
    while (this.#transaction && this.#transaction.owner !== connection) await this.#transaction.ended;
  }

  #ended(): void {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    transaction?.end(undefined);
  }
}
