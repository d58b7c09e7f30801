import { invalidField } from '../errors.ts';

/** Far above any id of ours, far below what would trouble a service behind. */
const longestId = 128;

/** Throws `invalid_argument` for an id that no order can have. */
export function checkOrderId(orderId: string): void {
  checkId('order_id', orderId);
}

/** Throws `invalid_argument` for an id that is missing or beyond all measure. */
export function checkId(field: string, id: string): void {
  if (id === '') throw invalidField(field, 'is required');
  if (id.length > longestId) throw invalidField(field, `must have at most ${longestId} characters`);
}
