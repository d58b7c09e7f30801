import type { OrderParts } from '../order-overview/order-parts.ts';
import { isLater, type OfOrder } from '../order-overview/latest-by-order.ts';
import { watchedSources, type OrderChange, type Revisions, type WatchedSource } from './order-change.ts';
import type { OrderNow } from './read-order-now.ts';

/** How far one reader is, and what the order looked like there. */
export class ReadingPosition {
  readonly #revisions: Record<WatchedSource, number>;
  readonly #forgotten = new Set<WatchedSource>();
  #parts: OrderParts;

  constructor(revisions: Revisions, parts: OrderParts) {
    this.#revisions = { ...revisions };
    this.#parts = parts;
  }

  get revisions(): Revisions {
    return this.#revisions;
  }

  get parts(): OrderParts {
    return this.#parts;
  }

  /** Moves past a change. True when it is news and alters what is shown: a change of an older payment does not. */
  apply(change: OrderChange): boolean {
    if (!this.#moveTo(change)) return false;
    const known = this.#forgotten.delete(change.source) ? null : this.#known(change.source);
    if (known && !isLater(change.value, known)) return false;
    this.#show(change);
    return true;
  }

  /** Moves past a change and shows it, even where something later is shown: the reader is behind what was read. */
  goBackTo(change: OrderChange): void {
    this.#moveTo(change);
    this.#show(change);
  }

  /** How the source stood here cannot be found out any more: whatever comes next is news. */
  forget(source: WatchedSource): void {
    this.#forgotten.add(source);
  }

  #moveTo({ source, revision }: OrderChange): boolean {
    if (revision <= this.#revisions[source]) return false;
    this.#revisions[source] = revision;
    return true;
  }

  #known(source: WatchedSource): OfOrder | null {
    if (source === 'order') return this.#parts.order;
    const part = this.#parts[source];
    return part.ok ? part.value : null;
  }

  #show({ source, value }: OrderChange): void {
    this.#parts = { ...this.#parts, [source]: source === 'order' ? value : { ok: true, value } };
  }
}

/** Where a reader starts: what he is to be shown at once, and what he must have seen again before anything is new. */
export interface Start {
  readonly position: ReadingPosition;
  /** The state is news to him. */
  readonly showNow: boolean;
  /** Sources that changed while he was away: his last known state of them comes with the first change after `position`. */
  readonly awaited: ReadonlyMap<WatchedSource, number>;
}

/** A reader without a cursor, or one who wants the latest alone: the present state counts. */
export function startFromNow({ parts, revisions }: OrderNow, cursor: Revisions | undefined): Start {
  const news = watchedSources.some((source) => (revisions[source] ?? 0) > (cursor?.[source] ?? -1));
  const at = (source: WatchedSource) => Math.max(revisions[source] ?? 0, cursor?.[source] ?? 0);
  const position = new ReadingPosition(
    { order: at('order'), payment: at('payment'), shipment: at('shipment') },
    parts,
  );
  return { position, showNow: cursor === undefined || news, awaited: new Map() };
}

/** A reader of every step resumes exactly after his cursor. */
export function startFromCursor({ parts, revisions }: OrderNow, cursor: Revisions): Start {
  const awaited = new Map<WatchedSource, number>();
  const from: Record<WatchedSource, number> = { ...cursor };
  for (const source of watchedSources) {
    if ((revisions[source] ?? 0) <= cursor[source] || cursor[source] === 0) continue;
    // One change earlier than he asks: it says how things stood when he left.
    awaited.set(source, cursor[source]);
    from[source] = cursor[source] - 1;
  }
  return { position: new ReadingPosition(from, asSeenBefore(parts, cursor)), showNow: false, awaited };
}

/** What had not begun when he left is not there yet. */
function asSeenBefore(parts: OrderParts, cursor: Revisions): OrderParts {
  const { order, payment, shipment } = parts;
  return {
    order,
    payment: payment.ok && cursor.payment === 0 ? { ok: true, value: null } : payment,
    shipment: shipment.ok && cursor.shipment === 0 ? { ok: true, value: null } : shipment,
  };
}
