import type { Checkout, CheckoutOptions } from './checkout.ts';
import { readCheckoutOptions, type CheckoutConfiguration } from './checkout-variables.ts';
import { createCheckout } from './create-checkout.ts';

export interface OpenCheckoutOptions extends Pick<
  CheckoutOptions,
  'ports' | 'store' | 'clock' | 'random' | 'randomHex'
> {
  /** Steps are told at `debug`, what went wrong at `warn`. */
  readonly logger: Readonly<Record<'debug' | 'warn', (fields: object, message: string) => void>>;
}

/**
 * Writes that end whole or not at all, as an app's configuration wants them, on a journal that its instances share. Begins
 * to finish what other instances have left unfinished.
 */
export function openCheckout(
  configuration: CheckoutConfiguration,
  { ports, store, clock, random, randomHex, logger }: OpenCheckoutOptions,
): Checkout {
  const checkout = createCheckout({
    ports,
    store,
    clock,
    random,
    randomHex,
    ...readCheckoutOptions(configuration),
    onEvent(event) {
      if ('error' in event) logger.warn({ ...event, err: event.error }, 'checkout');
      else logger.debug(event, 'checkout');
    },
  });
  checkout.start();
  return checkout;
}
