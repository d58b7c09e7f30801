import type { Clock } from '@bff/core';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/** Between two attempts to reach a database that is away, in milliseconds. */
const probeMs = 250;

/** pg's own errors have no codes. */
const busy = 'timeout exceeded when trying to connect';
const silent = 'Query read timeout';

/** What Kysely asks of a connection here; it also has cursors, which nobody uses. */
type Query = (sql: string, parameters: readonly unknown[]) => Promise<PostgresQueryResult<never>>;

/**
 * The pool that Kysely is given. While the database cannot be reached everybody is refused at once, and it is tried behind their backs:
 * an address that nobody answers for costs each of them the whole time limit otherwise. A connection that did not answer a statement
 * in time is given up, for a machine that is gone never says so.
 */
export function guardPostgres(pool: pg.Pool, clock: Clock): PostgresPool {
  let away: { readonly error: unknown; readonly retryAt: number } | undefined;
  let isProbing = false;

  async function reach(): Promise<pg.PoolClient> {
    try {
      const client = await pool.connect();
      away = undefined;
      return client;
    } catch (error) {
      // A pool whose connections are all busy says nothing about the database.
      if (!hasMessage(error, busy)) away = { error, retryAt: clock.now() + probeMs };
      throw error;
    }
  }

  async function probe(): Promise<void> {
    isProbing = true;
    try {
      (await reach()).release();
    } catch {
      // Noted; the next one to ask tries again.
    } finally {
      isProbing = false;
    }
  }

  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      // A connection that is there is tried, whatever became of the last new one.
      if (away !== undefined && pool.idleCount === 0) {
        if (!isProbing && clock.now() >= away.retryAt) void probe();
        throw away.error;
      }
      return givenUpWhenSilent(await reach());
    },
  };
}

function givenUpWhenSilent(client: pg.PoolClient): PostgresPoolClient {
  const ask = client.query.bind(client) as unknown as Query;
  const query: Query = async (sql, parameters) => {
    try {
      return await ask(sql, parameters);
    } catch (error) {
      // Ended at once, not when it is released: the rollback that follows would wait as long again.
      if (hasMessage(error, silent)) void (client as unknown as pg.Client).end();
      throw error;
    }
  };
  return {
    // Overloaded with cursors.
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => {
      client.release(destroy);
    },
  };
}

function hasMessage(thrown: unknown, message: string): boolean {
  return (thrown as { message?: unknown } | undefined)?.message === message;
}
