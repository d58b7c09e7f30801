import { setTimeout as pause } from 'node:timers/promises';
import type { CheckoutOutcome } from '@bff/aggregation';
import { AppError } from '@bff/core';
import { requestOf } from './checkout-request.ts';
import type { BffWrites } from './open-bff-writes.ts';
import { openRequest } from './test-shop.ts';

/** Sends the same request until it is decided. */
export async function repeat({ checkout }: BffWrites, subject: string): Promise<CheckoutOutcome> {
  for (;;) {
    const scope = openRequest(subject, 'key');
    try {
      return await checkout.checkout(requestOf(subject), scope.context);
    } catch (thrown) {
      if (AppError.from(thrown).retryAfterMs === undefined) throw thrown;
    } finally {
      scope.close();
    }
    // The client's own pause, shortened.
    await pause(50);
  }
}

/** Waits until no work is left for a recovery. */
export async function untilNothingIsOpen({ store }: BffWrites): Promise<void> {
  while ((await store.list('checkout/open/', { limit: 1 })).length > 0) await pause(20);
}
