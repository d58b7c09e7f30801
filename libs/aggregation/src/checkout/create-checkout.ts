import { cancelOrder } from './cancel-order.ts';
import type { Checkout, CheckoutOptions } from './checkout.ts';
import { checkoutTimes } from './checkout-times.ts';
import { createDriver } from './drive-work.ts';
import { createInTurn } from './in-turn.ts';
import { Journal } from './journal.ts';
import { placeOrder } from './place-order.ts';
import { Recovery } from './recovery.ts';
import { createWorkScopes } from './work-scopes.ts';

/** Makes the writes that touch all three services, on a journal that all instances share. */
export function createCheckout(options: CheckoutOptions): Checkout {
  const { clock } = options;
  const times = { ...checkoutTimes, ...options.times };
  const onEvent = options.onEvent ?? (() => undefined);
  const scopes = createWorkScopes(clock);
  const journal = new Journal({ ...options, times });
  const inTurn = createInTurn({ journal, scopes, clock, times });
  const parts = { ...options, times, onEvent, scopes, journal, inTurn };
  const driver = createDriver(parts);
  const recovery = new Recovery({ ...parts, driver });
  return {
    checkout: placeOrder({ ...parts, driver }),
    cancelOrder: cancelOrder({ ...parts, driver }),
    recoverUnfinished: () => recovery.round(),
    start: () => {
      recovery.start();
    },
    async close(limitMs = 5_000) {
      recovery.stop();
      await scopes.close(limitMs);
    },
  };
}
