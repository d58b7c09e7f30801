import { decodePageToken, encodePageToken, type ListFilters } from './page-token.ts';
import type { Database } from './tables.ts';

export interface PageQuery {
  filters: ListFilters;
  /** Only resources of this customer, whatever the filters say. */
  visibleTo?: string | undefined;
  pageSize: number;
  pageToken?: string | undefined;
}

/** One page, newest first, by keyset: a page costs the same wherever it stands, and inserts do not shift it. */
export async function findPage(
  db: Database,
  { filters, visibleTo, pageSize, pageToken }: PageQuery,
): Promise<{ documents: string[]; nextPageToken: string | undefined }> {
  const { orderIds, customerId, status } = filters;
  const before = pageToken === undefined ? undefined : decodePageToken(pageToken, filters);
  const rows = await db
    .selectFrom('resources')
    .select(['position', 'document'])
    .$if(orderIds !== undefined, (query) => query.where('order_id', 'in', orderIds ?? []))
    .$if(customerId !== undefined, (query) => query.where('customer_id', '=', customerId ?? ''))
    .$if(visibleTo !== undefined, (query) => query.where('customer_id', '=', visibleTo ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? ''))
    .$if(before !== undefined, (query) => query.where('position', '<', before ?? 0))
    .orderBy('position', 'desc')
    // One more than the page shows whether another one follows.
    .limit(pageSize + 1)
    .execute();
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    documents: page.map(({ document }) => document),
    nextPageToken: rows.length > pageSize && last ? encodePageToken(last.position, filters) : undefined,
  };
}
