import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createPostgresDatabase } from '../testing/postgres-database.ts';
import { openPostgresRelay } from '../testing/postgres-relay.ts';
import { createSchema } from './create-schema.ts';
import type { OpenedDatabase } from './open-database.ts';
import { openPostgres } from './open-postgres.ts';

const disposals: (() => Promise<void>)[] = [];

async function open(): Promise<OpenedDatabase[]> {
  const { url, remove } = await createPostgresDatabase();
  const opened = [openPostgres({ url, schema: 'test' }), openPostgres({ url, schema: 'test' })];
  disposals.push(async () => {
    for (const { close } of opened) await close();
    await remove();
  });
  return opened;
}

describe('openPostgres', () => {
  afterEach(async () => {
    for (const dispose of disposals.splice(0)) await dispose();
  });

  it('survives that the server goes away between two statements of a transaction, and goes on', async () => {
    const [one, other] = (await open()) as [OpenedDatabase, OpenedDatabase];
    const transaction = one.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      const pid = rows[0]?.pid ?? 0;
      await sql`select pg_terminate_backend(${pid})`.execute(other.db);
      let left = 1;
      while (left > 0) {
        const found = await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(other.db);
        left = found.rows.length;
      }
      await sql`select 1`.execute(trx);
    });
    await expect(transaction).rejects.toThrow(/connection/i);
    expect((await sql<{ one: number }>`select 1 as one`.execute(one.db)).rows).toEqual([{ one: 1 }]);
  });

  it('gives up a connection that no longer answers, and goes on with another one', async () => {
    const { url, remove } = await createPostgresDatabase();
    const relay = await openPostgresRelay(url);
    // Otherwise six seconds.
    relay.url.searchParams.set('query_timeout', '300');
    const { db, turns, close } = openPostgres({ url: relay.url.href, schema: 'test' });
    disposals.push(async () => {
      await close();
      await relay.close();
      await remove();
    });
    const write = () =>
      turns.run(() => db.transaction().execute((trx) => sql<{ one: number }>`select 1 as one`.execute(trx)));
    await Promise.all([write(), write(), write()]);

    relay.freeze();
    const startedAt = performance.now();
    // Three may write at a time; whoever waits for a turn waits for one time limit and not for the network's own.
    const results = await Promise.allSettled([write(), write(), write()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    relay.thaw();
    expect((await write()).rows).toEqual([{ one: 1 }]);
  });

  it('lets a replica start while another one writes', async () => {
    const [one, other] = (await open()) as [OpenedDatabase, OpenedDatabase];
    await createSchema(one, 'test');
    await one.db.transaction().execute(async (trx) => {
      await trx.updateTable('resources').set({ status: 'confirmed' }).execute();
      await trx.updateTable('counters').set({ revision: 1 }).execute();
      // Would wait for the end of this transaction, which waits for it.
      await createSchema(other, 'test');
    });
  });
});
