import type { BookedPart, Books } from './read-books.ts';

/** A purchase as the client saw it in the end. */
export interface Purchase {
  readonly key: string;
  /** The order that the client was told; undefined when it was told of none. */
  readonly orderId: string | undefined;
}

export interface Findings {
  /** Told to the client, and not there. */
  readonly lost: readonly string[];
  /** Orders that nobody was told of, or more than one for a key. */
  readonly doubled: readonly string[];
  /** Money or parcels that do not fit their order. */
  readonly unbalanced: readonly string[];
}

const livePayment = ['authorised', 'authorized', 'captured'];
const liveShipment = (status: string) => status !== 'cancelled';

/** Whether what is stored is what the clients were told: every purchase once, paid once, sent once; nothing else. */
export function checkBooks(books: Books, purchases: readonly Purchase[]): Findings {
  const told = purchases.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId]));
  const confirmed = new Set(
    books.orders.filter(({ status }) => status === 'confirmed').map(({ orderId }) => orderId),
  );
  const lost = told.filter((orderId) => !confirmed.has(orderId));
  const known = new Set(told);
  const doubled = [
    ...[...confirmed]
      .filter((orderId) => !known.has(orderId))
      .map((orderId) => `${orderId} was told to nobody`),
    ...told
      .filter((orderId, index) => told.indexOf(orderId) !== index)
      .map((orderId) => `${orderId} for two keys`),
  ];
  return { lost, doubled, unbalanced: findUnbalanced(books, confirmed) };
}

function findUnbalanced({ orders, payments, shipments }: Books, confirmed: ReadonlySet<string>): string[] {
  const byOrder = (parts: readonly BookedPart[], isLive: (status: string) => boolean) => {
    const counts = new Map<string, number>();
    for (const { orderId, status } of parts)
      if (isLive(status)) counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
    return counts;
  };
  const paid = byOrder(payments, (status) => livePayment.includes(status));
  const sent = byOrder(shipments, liveShipment);
  return orders.flatMap(({ orderId, status }) => {
    const expected = confirmed.has(orderId) ? 1 : 0;
    const found = { payments: paid.get(orderId) ?? 0, shipments: sent.get(orderId) ?? 0 };
    return found.payments === expected && found.shipments === expected
      ? []
      : [
          `${orderId} is ${status} with ${String(found.payments)} payments and ${String(found.shipments)} shipments`,
        ];
  });
}
