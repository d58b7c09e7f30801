import { sql } from 'kysely';
import type { OpenedDatabase } from './open-database.ts';
import type { DatabaseTransaction } from './tables.ts';

/** Any number that nothing else in the database uses as an advisory lock. */
const schemaLock = 4_711_001;

/** Creates what is missing. Any number of replicas may do it at the same time. */
export async function createSchema({ db, kind, turns }: OpenedDatabase, schema: string): Promise<void> {
  const create = async (trx: DatabaseTransaction) => {
    if (kind === 'postgres') {
      // `if not exists` alone still fails when two sessions create the same table at once.
      await sql`select pg_advisory_xact_lock(${sql.lit(schemaLock)})`.execute(trx);
      await trx.schema.createSchema(schema).ifNotExists().execute();
    }
    await createTables(trx);
    await createIndexes(trx, kind === 'postgres' ? await namesOfIndexes(trx, schema) : []);
    await createCounter(trx);
  };
  await turns.run(() => db.transaction().execute(create));
}

/** Looked for before it is inserted: even `on conflict do nothing` waits for a write that has the row locked. */
async function createCounter(trx: DatabaseTransaction): Promise<void> {
  const name = 'resources';
  const found = await trx.selectFrom('counters').select('name').where('name', '=', name).executeTakeFirst();
  if (found) return;
  await trx
    .insertInto('counters')
    .values({ name, revision: 0, sequence: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function createTables(trx: DatabaseTransaction): Promise<void> {
  await trx.schema
    .createTable('resources')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull().unique())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('due_time', 'bigint')
    .addColumn('document', 'text', (column) => column.notNull())
    .execute();
  await trx.schema
    .createTable('changes')
    .ifNotExists()
    .addColumn('revision', 'bigint', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .execute();
  await trx.schema
    .createTable('idempotency')
    .ifNotExists()
    .addColumn('scope', 'text', (column) => column.primaryKey())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('expire_time', 'bigint', (column) => column.notNull())
    .execute();
  await trx.schema
    .createTable('counters')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .execute();
}

/**
 * PostgreSQL locks a table against writes before it finds that an index exists: a replica that starts would hold up all others, and
 * with two tables end in a deadlock with a write. So it is not asked for indexes that are there.
 */
async function namesOfIndexes(trx: DatabaseTransaction, schema: string): Promise<string[]> {
  const found = await sql<{
    indexname: string;
  }>`select indexname from pg_indexes where schemaname = ${schema}`.execute(trx);
  return found.rows.map(({ indexname }) => indexname);
}

async function createIndexes(trx: DatabaseTransaction, existing: readonly string[]): Promise<void> {
  const indexes = [
    { table: 'resources', columns: ['customer_id', 'position'] },
    { table: 'resources', columns: ['order_id', 'position'] },
    { table: 'resources', columns: ['due_time'] },
    { table: 'changes', columns: ['customer_id', 'revision'] },
    { table: 'changes', columns: ['order_id', 'revision'] },
    { table: 'idempotency', columns: ['expire_time'] },
  ];
  for (const { table, columns } of indexes) {
    const name = `${table}_${columns.join('_')}`;
    if (existing.includes(name)) continue;
    await trx.schema.createIndex(name).ifNotExists().on(table).columns(columns).execute();
  }
}
