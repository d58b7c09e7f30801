import type { OpenedDatabase } from './open-database.ts';
import type { Resource, ResourceType } from './resource.ts';
import { onDatabase } from './store-failure.ts';
import type { DatabaseTransaction } from './tables.ts';
import { WriteTransaction } from './write-transaction.ts';

/** What is done in one write; all of it is committed, or nothing. */
export type Write<T extends Resource, R> = (
  trx: DatabaseTransaction,
  write: WriteTransaction<T>,
) => Promise<R>;

/**
 * Runs a write when it is its turn, and commits it. Gives its result and the newest revision then. A write that has not begun when
 * `signal` aborts is dropped. Throws `unavailable` when the database is away.
 */
export async function runWrite<T extends Resource, R>(
  { db, turns }: OpenedDatabase,
  type: ResourceType<T>,
  work: Write<T, R>,
  signal?: AbortSignal,
): Promise<{ result: R; revision: number }> {
  const transact = async (trx: DatabaseTransaction) => {
    const write = await WriteTransaction.begin(trx, type);
    const result = await work(trx, write);
    await write.finish();
    return { result, revision: write.revision };
  };
  return onDatabase(() => turns.run(() => db.transaction().execute(transact), signal));
}
