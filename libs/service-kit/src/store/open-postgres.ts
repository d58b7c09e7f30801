import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { OpenDatabaseOptions, OpenedDatabase } from './open-database.ts';
import type { Tables } from './tables.ts';
import { Turns } from './turns.ts';

/** Writes wait for each other in the database anyway; those that wait here leave the connections to the readers. */
const writesAtATime = 3;

/** Opens a pool of connections to PostgreSQL. Nothing is connected before the first query. */
export function openPostgres({ url, schema, poolSize = 10 }: OpenDatabaseOptions): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 2_000,
    // A statement that takes longer than any caller waits only holds the lock that others need.
    statement_timeout: 5_000,
    types: { getTypeParser: parserOf },
  });
  // Without these listeners a connection that breaks would end the process: the pool hears of those that are idle in it, and of
  // one that a transaction holds between two statements nobody does. Whoever asks such a connection next is told.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const root = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    kind: 'postgres',
    db: root.withSchema(schema),
    turns: new Turns(writesAtATime),
    close: () => root.destroy(),
  };
}

/** Revisions and times are bigint in the database and stay far below 2^53. */
function parserOf(...[type, format]: Parameters<typeof pg.types.getTypeParser>) {
  return type === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : (pg.types.getTypeParser(type, format) as never);
}
