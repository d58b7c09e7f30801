import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@bff/core';
import { Kysely } from 'kysely';
import { createNodeSqliteDialect, lockLimitMs } from './node-sqlite-dialect.ts';
import type { Database, Tables } from './tables.ts';
import { Turns } from './turns.ts';

export interface OpenDatabaseOptions {
  /** `sqlite:./path.db` or `postgres://user:password@host:port/database`. */
  url: string;
  /** Schema for the tables on PostgreSQL, so that the services may share one database: `order_service`. */
  schema: string;
  /** Connections to PostgreSQL. Default 10. */
  poolSize?: number;
  /** For the pauses between attempts to reach a PostgreSQL that is away. */
  clock?: Clock;
}

export interface OpenedDatabase {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Database;
  /** Every transaction takes a turn. */
  readonly turns: Turns;
  close(): Promise<void>;
}

/** Opens a database by its URL; connects with the first query. Throws an `Error` for a URL of another kind. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const { url } = options;
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) {
    // pg takes 60 ms to load, which those who run on SQLite should not wait for.
    const { openPostgres } = await import('./open-postgres.ts');
    return openPostgres(options);
  }
  throw new Error('must begin with sqlite: or postgres://');
}

/**
 * One transaction per file at a time in this process. SQLite would let a second one wait, but blocks the event loop
 * while it does, and then the first can never commit. Locks on files belong to the process, hence a module's variable.
 */
const turnsOfFiles = new Map<string, Turns>();

function turnsOf(path: string): Turns {
  const file = resolve(path);
  const turns = turnsOfFiles.get(file) ?? new Turns(1);
  turnsOfFiles.set(file, turns);
  return turns;
}

function openSqlite(path: string): OpenedDatabase {
  const db = new Kysely<Tables>({ dialect: createNodeSqliteDialect(() => openSqliteFile(path)) });
  return { kind: 'sqlite', db, turns: turnsOf(path), close: () => db.destroy() };
}

async function openSqliteFile(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  makeFolder(dirname(path));
  const database = new DatabaseSync(path, { timeout: lockLimitMs });
  await useWriteAheadLog(database);
  // NORMAL: a commit survives the death of the process, though not that of the machine.
  database.exec('pragma synchronous = normal');
  return database;
}

const sqliteBusy = 5;

/** Only one process can switch a new file over; SQLite refuses the others at once instead of letting them wait. */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (thrown) {
      if ((thrown as { errcode?: unknown }).errcode !== sqliteBusy || attempt === 100) throw thrown;
      // Not the clock's timer: that would not keep a process alive that has nothing else to do yet.
      await pause(20);
    }
  }
}

/** One level only: what is further up is more likely a mistake in the path than a wish. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}
