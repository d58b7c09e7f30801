import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { CheckoutOptions } from './checkout.ts';
import { checkoutTimes } from './checkout-times.ts';
import { createSealer } from './create-sealer.ts';

const keyBytes = 32;

const duration = (fallback: number, description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'must be a positive time in milliseconds')
    .transform(Number)
    .default(fallback)
    .describe(description);

const journalKeys = z
  .string()
  .transform((text, context) => {
    const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
    if (keys.every(({ length }) => length === keyBytes)) return keys;
    const message = 'must be keys of 32 bytes in base64, separated by commas';
    context.issues.push({ code: 'custom', message, input: '[secret]' });
    return z.NEVER;
  })
  .optional()
  .describe(
    'Keys that seal the journal of checkouts, 32 bytes each in base64, separated by commas: the first one seals, all of them open. Unless given, one is derived from `INTERNAL_SIGNING_KEY`, which then cannot be replaced while checkouts are under way. Best given as `CHECKOUT_JOURNAL_KEYS_FILE`.',
  );

/** The variables of an app that writes: places orders, or cancels them. */
export const checkoutVariables = () => ({
  CHECKOUT_STEP_TIMEOUT_MS: duration(
    checkoutTimes.stepTimeoutMs,
    'Longest time that one step of a checkout may take; it is tried twice.',
  ),
  CHECKOUT_PATIENCE_MS: duration(
    checkoutTimes.patienceMs,
    'After so long an interrupted checkout is undone instead of finished.',
  ),
  CHECKOUT_LEASE_MS: duration(
    checkoutTimes.leaseMs,
    'After so long without a sign of life of an instance another one takes over its checkouts.',
  ),
  CHECKOUT_RECOVERY_INTERVAL_MS: duration(
    checkoutTimes.recoveryIntervalMs,
    'Time between two searches for checkouts that nobody finishes.',
  ),
  CHECKOUT_OUTCOME_LIFETIME_MS: duration(
    checkoutTimes.outcomeLifetimeMs,
    'How long the outcome of a checkout is repeated to whoever sends its idempotency key again.',
  ),
  CHECKOUT_JOURNAL_KEYS: journalKeys,
});

export type CheckoutConfiguration = z.output<z.ZodObject<ReturnType<typeof checkoutVariables>>> & {
  /** A private JWK; `d` is its secret part. */
  readonly INTERNAL_SIGNING_KEY: { readonly d?: string | undefined };
};

/** What the variables mean for `createCheckout`. */
export function readCheckoutOptions(
  configuration: CheckoutConfiguration,
): Pick<CheckoutOptions, 'times' | 'sealer'> {
  const { CHECKOUT_JOURNAL_KEYS, INTERNAL_SIGNING_KEY } = configuration;
  return {
    sealer: createSealer(CHECKOUT_JOURNAL_KEYS ?? [deriveKey(INTERNAL_SIGNING_KEY.d ?? '')]),
    times: {
      stepTimeoutMs: configuration.CHECKOUT_STEP_TIMEOUT_MS,
      patienceMs: configuration.CHECKOUT_PATIENCE_MS,
      leaseMs: configuration.CHECKOUT_LEASE_MS,
      recoveryIntervalMs: configuration.CHECKOUT_RECOVERY_INTERVAL_MS,
      outcomeLifetimeMs: configuration.CHECKOUT_OUTCOME_LIFETIME_MS,
    },
  };
}

/** Another key than the one that signs, though made of it (RFC 5869). */
function deriveKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'checkout journal', keyBytes));
}
