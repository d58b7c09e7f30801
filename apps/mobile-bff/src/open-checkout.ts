import { createCheckout, readCheckoutOptions, type Checkout, type CheckoutPorts } from '@bff/aggregation';
import { openState, type ProcessKit } from '@bff/server-kit';
import type { Configuration } from './config.ts';

/** Writes that end whole or not at all, on a journal that the instances share. Finishes what other instances began. */
export async function openCheckout(
  configuration: Configuration,
  ports: CheckoutPorts,
  kit: ProcessKit,
): Promise<Pick<Checkout, 'checkout' | 'cancelOrder' | 'close'>> {
  const { clock, randomHex, logger } = kit;
  const store = await openState(configuration, kit);
  const checkout = createCheckout({
    ports,
    store,
    clock,
    random: Math.random,
    randomHex,
    ...readCheckoutOptions(configuration),
    onEvent: (event) => {
      const failed = 'error' in event;
      logger[failed ? 'warn' : 'debug']({ ...event, ...(failed && { err: event.error }) }, 'checkout');
    },
  });
  checkout.start();
  return {
    checkout: (request, context) => checkout.checkout(request, context),
    cancelOrder: (request, context) => checkout.cancelOrder(request, context),
    async close() {
      await checkout.close();
      await store.close();
    },
  };
}
