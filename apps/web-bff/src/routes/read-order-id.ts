import { AppError } from '@bff/core';
import type { Request } from 'express';

/** What no order can be called is not looked for: a comma, say, would be a list of orders further down. */
export function readOrderId({ params: { orderId } }: Request<{ orderId: string }>): string {
  if (/^[\w~-][\w.~-]{0,127}$/.test(orderId)) return orderId;
  throw new AppError('not_found', 'There is no such order.');
}
