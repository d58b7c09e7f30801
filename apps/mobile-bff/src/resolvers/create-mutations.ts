import type { Checkout } from '@bff/aggregation';
import { AppError, type Context } from '@bff/core';
import type { CheckoutInput, MutationResolvers } from '../generated/resolver-types.ts';
import { presentOrder } from '../present/present-order.ts';
import { presentUserErrors } from '../present/present-user-errors.ts';
import { checkOrderId } from './order-id.ts';

/** Writes. What a person can do something about is in the answer's `userErrors`, everything else in `errors`. */
export function createMutations(writes: Pick<Checkout, 'checkout' | 'cancelOrder'>): MutationResolvers {
  return {
    checkout: (_root, { input }, { context }) =>
      orUserErrors(async () => {
        const { order, payment, shipment } = await writes.checkout(
          requestOf(input),
          withKey(context, input.idempotencyKey),
        );
        return presentOrder({ order, payment: there(payment), shipment: there(shipment) });
      }),
    cancelOrder: (_root, { input }, { context }) =>
      orUserErrors(async () => {
        const { order, payment, shipment } = await writes.cancelOrder(
          { orderId: checkOrderId(input.id) },
          withKey(context, input.idempotencyKey),
        );
        return presentOrder({ order, payment: there(payment), shipment: there(shipment) });
      }),
  };
}

async function orUserErrors<T>(write: () => Promise<T>) {
  try {
    return { order: await write(), userErrors: [] };
  } catch (thrown) {
    const userErrors = presentUserErrors(AppError.from(thrown));
    if (userErrors.length === 0) throw thrown;
    return { order: null, userErrors };
  }
}

function requestOf({ lines, shippingAddress, paymentMethodToken }: CheckoutInput) {
  return { lines, shippingAddress, methodToken: paymentMethodToken };
}

/** The key of the input is the one that counts: a document may have several mutations, a request has one header. */
function withKey(context: Context, idempotencyKey: string): Context {
  if (idempotencyKey.length <= 255 && /^[\x20-\x7e]+$/.test(idempotencyKey))
    return { ...context, idempotencyKey };
  throw new AppError('invalid_argument', 'The idempotency key cannot be used.', {
    faults: [{ field: 'idempotencyKey', message: 'must be 1 to 255 printable ASCII characters' }],
  });
}

function there<T>(value: T) {
  return { ok: true, value } as const;
}
