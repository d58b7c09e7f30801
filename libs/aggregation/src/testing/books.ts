import type {
  ListQuery,
  Order,
  OrdersPort,
  Page,
  Payment,
  PaymentsPort,
  Shipment,
  ShipmentsPort,
} from '@bff/contracts';
import type { Context } from '@bff/core';

/** What the three services say, when nothing is under way any more. */
export interface Books {
  readonly orders: readonly Order[];
  readonly payments: readonly Payment[];
  readonly shipments: readonly Shipment[];
}

/** Reads everything that the caller may see (a user's own, support's all), made at `since` or later. */
export async function readBooks(
  ports: {
    readonly orders: Pick<OrdersPort, 'list'>;
    readonly payments: Pick<PaymentsPort, 'list'>;
    readonly shipments: Pick<ShipmentsPort, 'list'>;
  },
  context: Context,
  since = new Date(0),
): Promise<Books> {
  const [orders, payments, shipments] = await Promise.all([
    readAll((query) => ports.orders.list(query, context)),
    readAll((query) => ports.payments.list(query, context)),
    readAll((query) => ports.shipments.list(query, context)),
  ]);
  const isNew = ({ createTime }: { createTime: Date }) => createTime >= since;
  return {
    orders: orders.filter(isNew),
    payments: payments.filter(isNew),
    shipments: shipments.filter(isNew),
  };
}

/**
 * Everything that does not add up, one line each; empty when the books balance:
 * an order is confirmed, paid once in full and shipped once, or it is cancelled and nobody has or gets anything.
 */
export function findImbalances({ orders, payments, shipments }: Books): string[] {
  const known = new Set(orders.map(({ orderId }) => orderId));
  const orphans = [
    ...payments.filter(({ orderId }) => !known.has(orderId)).map(({ paymentId }) => paymentId),
    ...shipments.filter(({ orderId }) => !known.has(orderId)).map(({ shipmentId }) => shipmentId),
  ];
  const paymentsOf = byOrder(payments);
  const shipmentsOf = byOrder(shipments);
  return [
    ...orphans.map((id) => `${id} belongs to no order`),
    ...orders.flatMap((order) =>
      faultsOf(order, paymentsOf.get(order.orderId) ?? [], shipmentsOf.get(order.orderId) ?? []).map(
        (fault) => `${order.orderId} (${order.status}) ${fault}`,
      ),
    ),
  ];
}

function faultsOf(order: Order, payments: readonly Payment[], shipments: readonly Shipment[]): string[] {
  const faults: string[] = [];
  const authorised = payments.filter(({ status }) => status === 'authorised');
  const captured = payments.filter(({ status }) => status === 'captured');
  const underWay = shipments.filter(({ status }) => status !== 'cancelled');
  const expected = order.status === 'confirmed' ? 1 : 0;
  if (order.status === 'pending') faults.push('was left pending');
  if (authorised.length > 0) faults.push(`holds ${String(authorised.length)} authorisation(s)`);
  if (captured.length !== expected) faults.push(`is charged ${String(captured.length)} time(s)`);
  if (underWay.length !== expected) faults.push(`is shipped ${String(underWay.length)} time(s)`);
  for (const { amount } of captured) {
    if (amount.minorUnits !== order.total.minorUnits || amount.currency !== order.total.currency) {
      faults.push(`is charged ${String(amount.minorUnits)} instead of ${String(order.total.minorUnits)}`);
    }
  }
  return faults;
}

function byOrder<T extends { orderId: string }>(resources: readonly T[]): Map<string, T[]> {
  return Map.groupBy(resources, ({ orderId }) => orderId);
}

async function readAll<T>(list: (query: ListQuery<never>) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await list({ pageSize: 100, pageToken });
    all.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return all;
}
