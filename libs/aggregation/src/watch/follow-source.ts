import type { Context } from '@bff/core';
import type { Page } from '@bff/contracts';
import { followChanges, type FollowOptions } from './follow-changes.ts';
import type { OrderChange, OrderWatchPorts, WatchedSource } from './order-change.ts';

export interface FollowSourceOptions extends Omit<FollowOptions<never>, 'watch' | 'read' | 'onChange'> {
  orderId: string;
  ports: OrderWatchPorts;
  onChange: (change: OrderChange) => void;
}

/** Follows what one service says of one order; returns the function that stops it. */
export function followSource(source: WatchedSource, options: FollowSourceOptions): () => void {
  const { orderId, ports, onChange } = options;
  const since = (sinceRevision: number) => ({ sinceRevision, orderIds: [orderId] });
  switch (source) {
    case 'order':
      return followChanges({
        ...options,
        watch: (revision, context) => ports.orders.watch(since(revision), context),
        read: async (context) => asChanges([await ports.orders.get({ orderId }, context)]),
        onChange: (change) => {
          onChange({ source, ...change });
        },
      });
    case 'payment':
      return followChanges({
        ...options,
        watch: (revision, context) => ports.payments.watch(since(revision), context),
        read: async (context) => asChanges(await readOf(orderId, ports.payments, context)),
        onChange: (change) => {
          onChange({ source, ...change });
        },
      });
    case 'shipment':
      return followChanges({
        ...options,
        watch: (revision, context) => ports.shipments.watch(since(revision), context),
        read: async (context) => asChanges(await readOf(orderId, ports.shipments, context)),
        onChange: (change) => {
          onChange({ source, ...change });
        },
      });
  }
}

interface ListOfOneOrder<T> {
  list(query: { orderIds: readonly string[]; pageSize: number }, context: Context): Promise<Page<T>>;
}

/** Newest first; more than so many payments of one order are not to be expected. */
const pageSize = 100;

/** All payments, or all shipments, of one order. */
export async function readOf<T>(
  orderId: string,
  port: ListOfOneOrder<T>,
  context: Context,
): Promise<readonly T[]> {
  const { items } = await port.list({ orderIds: [orderId], pageSize }, context);
  return items;
}

function asChanges<T extends { readonly revision: number }>(values: readonly T[]) {
  return values.map((value) => ({ revision: value.revision, value }));
}
