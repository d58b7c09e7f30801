import { AppError } from '@bff/core';

/** What the schema promises of an order's id. Anything else is no order's, and no service needs to be asked. */
const orderId = /^ord_\w{1,60}$/;

export function checkOrderId(id: string): string {
  if (orderId.test(id)) return id;
  throw new AppError('not_found', `There is nothing with the id ${JSON.stringify(id.slice(0, 40))}.`);
}
