import { systemClock } from '@bff/core';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { guardPostgres } from './guard-postgres.ts';
import type { OpenDatabaseOptions, OpenedDatabase } from './open-database.ts';
import type { Tables } from './tables.ts';
import { Turns } from './turns.ts';

/** Writes wait for each other in the database anyway; those that wait here leave the connections to the readers. */
const writesAtATime = 3;

/** How long a caller waits for a connection that others use, in milliseconds. */
const poolLimitMs = 2_000;
/** How long a new connection may take, its name's resolution included, in milliseconds. */
const connectLimitMs = 700;
/** A statement that takes longer than any caller waits only holds the lock that others need. */
const statementLimitMs = 5_000;
/** When the database has not even ended the statement by then, it is gone. */
const silenceLimitMs = 6_000;

/** Opens a pool of connections to PostgreSQL. Nothing is connected before the first query. */
export function openPostgres({
  url,
  schema,
  poolSize = 10,
  clock = systemClock,
}: OpenDatabaseOptions): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: poolLimitMs,
    statement_timeout: statementLimitMs,
    query_timeout: silenceLimitMs,
    Client: ImpatientClient,
    types: { getTypeParser: parserOf },
  });
  // Without these listeners a connection that breaks would end the process: the pool hears of those that are idle in it, and of
  // one that a transaction holds between two statements nobody does. Whoever asks such a connection next is told.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const root = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guardPostgres(pool, clock) }) });
  return {
    kind: 'postgres',
    db: root.withSchema(schema),
    turns: new Turns(writesAtATime),
    close: () => root.destroy(),
  };
}

/** The pool has one limit for two things. */
class ImpatientClient extends pg.Client {
  constructor(settings?: pg.ClientConfig) {
    super({ ...settings, connectionTimeoutMillis: connectLimitMs });
  }
}

/** Revisions and times are bigint in the database and stay far below 2^53. */
function parserOf(...[type, format]: Parameters<typeof pg.types.getTypeParser>) {
  return type === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : (pg.types.getTypeParser(type, format) as never);
}
