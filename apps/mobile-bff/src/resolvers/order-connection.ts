import type { ListOrderOverviews, OrderInclude, OrderOverviewPage } from '@bff/aggregation';
import type { OrderStatus } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import { presentOrder, type OrderView } from '../present/present-order.ts';
import { decodeCursor, encodeCursor, type OrderCursor } from './order-cursor.ts';

export interface OrdersArguments {
  first?: number | null;
  after?: string | null;
  status?: OrderStatus | null;
}

/** `OrderConnection` of the schema. */
export interface OrderConnection {
  edges: { cursor: string; node: OrderView }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const defaultFirst = 20;
/** The services' own maximum. */
const maxFirst = 100;

/** One page of the caller's orders as a Relay connection, from one call for the orders and one for each selected part. */
export async function listOrders(
  listOverviews: ListOrderOverviews,
  { first, after, status }: OrdersArguments,
  include: OrderInclude,
  context: Context,
): Promise<OrderConnection> {
  const size = checkFirst(first ?? defaultFirst);
  const cursor = after === undefined || after === null ? undefined : decodeCursor(after);
  const skipped = cursor?.kind === 'order' ? cursor.index + 1 : 0;
  const page = await listOverviews(
    {
      pageSize: Math.min(skipped + size, maxFirst),
      pageToken: cursor?.pageToken,
      status: status ?? undefined,
      include,
    },
    context,
  );
  return connect(page, cursor, size);
}

function checkFirst(first: number): number {
  if (first >= 1) return Math.min(first, maxFirst);
  throw new AppError('invalid_argument', 'The list cannot be read as asked.', {
    faults: [{ field: 'first', message: 'must be at least 1' }],
  });
}

function connect(page: OrderOverviewPage, cursor: OrderCursor | undefined, size: number): OrderConnection {
  const start = startOf(page, cursor);
  const end = Math.min(start + size, page.items.length);
  const edges = page.items.slice(start, end).map((parts, offset) => ({
    cursor: encodeCursor(cursorAfter(page, start + offset, cursor)),
    node: presentOrder(parts),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: end < page.items.length || page.nextPageToken !== undefined,
      hasPreviousPage: cursor !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The first item of the page that comes after the cursor. */
function startOf({ items }: OrderOverviewPage, cursor: OrderCursor | undefined): number {
  if (cursor?.kind !== 'order') return 0;
  const found = items.findIndex(({ order }) => order.orderId === cursor.orderId);
  return (found === -1 ? cursor.index : found) + 1;
}

function cursorAfter(
  { items, nextPageToken }: OrderOverviewPage,
  index: number,
  from: OrderCursor | undefined,
): OrderCursor {
  const isLast = index === items.length - 1;
  if (isLast && nextPageToken !== undefined) return { kind: 'page', pageToken: nextPageToken };
  const orderId = items[index]?.order.orderId ?? '';
  return { kind: 'order', pageToken: from?.pageToken, index, orderId };
}
