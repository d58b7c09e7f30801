import type { ListQuery, Page } from '@bff/contracts';
import type { Context } from '@bff/core';

/** What payments and shipments have in common, and orders too. */
export interface OfOrder {
  readonly orderId: string;
  readonly createTime: Date;
  readonly revision: number;
}

/** The list that the payments port and the shipments port have in common. */
interface ListOfOrders<T> {
  list(
    query: Pick<ListQuery<never>, 'orderIds' | 'pageSize' | 'pageToken'>,
    context: Context,
  ): Promise<Page<T>>;
}

/** The services' own maximum. */
const pageSize = 100;

/**
 * The latest resource of each of these orders, in one call. An order may have several, a declined payment and the
 * one that followed, so a full page may leave orders without any: only then, and only while such orders remain,
 * the next page is read too.
 */
export async function loadLatestByOrder<T extends OfOrder>(
  port: ListOfOrders<T>,
  orderIds: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, T>> {
  const latest = new Map<string, T>();
  if (orderIds.length === 0) return latest;
  const wanted = new Set(orderIds);
  let pageToken: string | undefined;
  do {
    const page = await port.list({ orderIds, pageSize, pageToken }, context);
    for (const item of page.items) {
      const known = latest.get(item.orderId);
      if (wanted.has(item.orderId) && (known === undefined || isLater(item, known)))
        latest.set(item.orderId, item);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && latest.size < wanted.size);
  return latest;
}

/** An order may have several payments or shipments: the one that began last is the one to show. */
export function isLater(one: OfOrder, other: OfOrder): boolean {
  const difference = one.createTime.getTime() - other.createTime.getTime();
  return difference > 0 || (difference === 0 && one.revision > other.revision);
}
