import type { Database } from './tables.ts';

export interface ChangeQuery {
  /** Changes after this revision; 0 for all that are kept. */
  sinceRevision: number;
  orderIds?: readonly string[] | undefined;
  customerId?: string | undefined;
  /** Only changes of this customer's resources, whatever the filters say. */
  visibleTo?: string | undefined;
}

/** The newest revision that is committed; 0 in an empty store. */
export async function readNewestRevision(db: Database): Promise<number> {
  const { revision } = await db.selectFrom('counters').select('revision').executeTakeFirstOrThrow();
  return revision;
}

/** The oldest revision that is kept; undefined in an empty store. */
export async function readOldestRevision(db: Database): Promise<number | undefined> {
  const oldest = await db
    .selectFrom('changes')
    .select('revision')
    .orderBy('revision')
    .limit(1)
    .executeTakeFirst();
  return oldest?.revision;
}

/** The first changes, at most `limit`, after one revision and up to another. */
export async function readChanges(
  db: Database,
  { orderIds, customerId, visibleTo }: ChangeQuery,
  { after, head, limit }: { after: number; head: number; limit: number },
): Promise<{ revision: number; document: string }[]> {
  return db
    .selectFrom('changes')
    .select(['revision', 'document'])
    .where('revision', '>', after)
    .where('revision', '<=', head)
    .$if(orderIds !== undefined, (query) => query.where('order_id', 'in', orderIds ?? []))
    .$if(customerId !== undefined, (query) => query.where('customer_id', '=', customerId ?? ''))
    .$if(visibleTo !== undefined, (query) => query.where('customer_id', '=', visibleTo ?? ''))
    .orderBy('revision')
    .limit(limit)
    .execute();
}
