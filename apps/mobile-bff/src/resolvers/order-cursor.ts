import { AppError } from '@bff/core';

/**
 * A place in the list of orders, right after one order. The service knows places between its own pages only; within a
 * page the place is «after this order of the page that starts there».
 */
export type OrderCursor =
  | { readonly kind: 'page'; readonly pageToken: string }
  | {
      readonly kind: 'order';
      /** Where the page of the order starts; undefined for the first one. */
      readonly pageToken: string | undefined;
      /** The order's place in that page, and its id in case newer orders have moved it on since. */
      readonly index: number;
      readonly orderId: string;
    };

export function encodeCursor(cursor: OrderCursor): string {
  const text =
    cursor.kind === 'page'
      ? `p.${cursor.pageToken}`
      : `o.${cursor.index}.${cursor.orderId}.${cursor.pageToken ?? ''}`;
  return Buffer.from(text).toString('base64url');
}

/** Throws `invalid_argument` for what `encodeCursor` has not made. */
export function decodeCursor(text: string): OrderCursor {
  const plain = Buffer.from(text, 'base64url').toString();
  const [, pageToken] = /^p\.(.+)$/.exec(plain) ?? [];
  if (pageToken !== undefined) return { kind: 'page', pageToken };
  const [, index, orderId, start] = /^o\.(\d{1,2})\.(\w+)\.(.*)$/.exec(plain) ?? [];
  if (index === undefined || orderId === undefined) {
    throw new AppError('invalid_argument', 'The cursor cannot be used; start again at the first page.', {
      faults: [{ field: 'after', message: 'is not a cursor of this list' }],
    });
  }
  return { kind: 'order', pageToken: start || undefined, index: Number(index), orderId };
}
