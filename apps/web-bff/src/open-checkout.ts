import { createCheckout, readCheckoutOptions, type Checkout, type CheckoutPorts } from '@bff/aggregation';
import type { ProcessKit } from '@bff/server-kit';
import type { KeyValueStore } from '@bff/state';
import type { WebBffConfiguration } from './config.ts';

/** Writes that end whole or not at all, on a journal that the instances share. Finishes what other instances began. */
export function openCheckout(
  configuration: WebBffConfiguration,
  ports: CheckoutPorts,
  store: KeyValueStore,
  { clock, randomHex, logger }: ProcessKit,
): Checkout {
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
  return checkout;
}
