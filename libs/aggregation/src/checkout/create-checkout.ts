import { AppError } from '@bff/core';
import type { Checkout, CheckoutOptions } from './checkout.ts';

/** Makes the writes that touch all three services. */
export function createCheckout(_options: CheckoutOptions): Checkout {
  const notYet = () => Promise.reject(new AppError('unimplemented', 'Checkout is not offered yet.'));
  return {
    checkout: notYet,
    cancelOrder: notYet,
    recoverUnfinished: () => Promise.resolve({ found: 0, finished: 0 }),
    start: () => undefined,
    close: () => Promise.resolve(),
  };
}
