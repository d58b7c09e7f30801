import { createHash } from 'node:crypto';
import { AppError, type Context, type Principal } from '@bff/core';
import type { CheckoutRequest } from './checkout.ts';

/** Where one piece of work stands in the store. A hash: neither user nor key can be read from it. */
export function workId(work: string, { subject, client }: Principal, name: string): string {
  return hash([work, subject, client, name]);
}

/**
 * The idempotency key of one step downstream: the same on every try, on every instance, and also when the store has lost
 * what was begun. The period is part of it, since a client's key that comes again after its time is another checkout, whose
 * undoing must not reach the earlier one.
 */
export function stepKey(id: string, { period }: { readonly period: number }, step: string): string {
  return `${id}.${period.toString(36)}.${step}`;
}

/** Where the period begins to which a time belongs. Whatever began a lifetime later belongs to a later one. */
export function periodOf(time: number, lifetimeMs: number): number {
  return time - (time % lifetimeMs);
}

/** Equal for equal requests, whatever the order of their fields. */
export function fingerprintOf({ lines, shippingAddress, methodToken }: CheckoutRequest): string {
  const { recipient, street, postalCode, city, country } = shippingAddress;
  return hash([
    lines.map(({ sku, name, quantity, unitPrice }) => [
      sku,
      name,
      quantity,
      unitPrice.currency,
      unitPrice.minorUnits,
    ]),
    [recipient, street, postalCode, city, country],
    methodToken,
  ]);
}

/** Throws `unauthenticated` for nobody. */
export function requirePrincipal({ principal }: Context): Principal {
  if (principal) return principal;
  throw new AppError('unauthenticated', 'Sign in to place or cancel an order.');
}

/** Throws `invalid_argument` when there is no key. */
export function requireIdempotencyKey({ idempotencyKey }: Context): string {
  if (idempotencyKey) return idempotencyKey;
  throw new AppError(
    'invalid_argument',
    'A checkout needs an idempotency key: a new random one for each checkout, the same for each repetition of it.',
    { faults: [{ field: 'Idempotency-Key', message: 'is required' }] },
  );
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
