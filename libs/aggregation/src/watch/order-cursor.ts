import { AppError } from '@bff/core';
import type { Revisions } from './order-change.ts';

/**
 * Where a reader stands, as short opaque text: the three services' revisions. It means the same on every instance,
 * and one that is made up only spoils its owner's own reading.
 */
export function formatCursor({ order, payment, shipment }: Revisions): string {
  return [order, payment, shipment].map((revision) => revision.toString(36)).join('.');
}

const pattern = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})\.([0-9a-z]{1,10})$/;

/** Throws `invalid_argument` for text that is no cursor. */
export function parseCursor(text: string): Revisions {
  const [order, payment, shipment] = (pattern.exec(text) ?? [])
    .slice(1)
    .map((part) => Number.parseInt(part, 36));
  if (order === undefined || payment === undefined || shipment === undefined) {
    throw new AppError(
      'invalid_argument',
      'The position to resume from is not one that was given out here.',
      {
        faults: [{ field: 'after', message: 'is not a position that was given out here' }],
      },
    );
  }
  return { order, payment, shipment };
}
