import type { Order, Payment, Shipment } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import type { CheckoutPorts, CheckoutRequest } from './checkout.ts';
import type { CheckoutParts } from './checkout-entry.ts';

/** What a step knows; `context.idempotencyKey` is the step's own. */
export interface StepInput {
  readonly request: CheckoutRequest;
  readonly parts: CheckoutParts;
}

export interface CheckoutStep {
  readonly name: string;
  /** May be repeated: the same key downstream, or a change of state that happens once. */
  run(input: StepInput, context: Context): Promise<CheckoutParts>;
  /**
   * Takes back whatever `run` has done or, still on its way, is about to do: by its key, since its answer may be lost.
   * Undefined where the undoing of an earlier step takes back this one, too.
   */
  readonly undo?: (input: StepInput, context: Context) => Promise<unknown>;
}

/** From this step on a checkout is finished, not undone, unless it is refused: the customer may have seen his order confirmed. */
export const pivot = 'confirm_order';

/**
 * The way of a checkout, and the way back. The shipment is on hold until the money is there, so that it can be cancelled
 * for certain; what comes after the confirmation cannot be refused but by a cancellation of the order.
 */
export function createCheckoutSteps({ orders, payments, shipments }: CheckoutPorts): readonly CheckoutStep[] {
  return [
    {
      name: 'create_order',
      run: async ({ request: { lines, shippingAddress } }, context) => ({
        order: await orders.create({ lines, shippingAddress }, context),
      }),
      undo: (_, context) => orders.withdraw(keyOf(context), context),
    },
    {
      name: 'authorise_payment',
      async run({ request: { methodToken }, parts }, context) {
        const { orderId, total } = made(parts.order);
        const payment = await payments.authorise({ orderId, amount: total, methodToken }, context);
        if (payment.status === 'declined') throw declined();
        return { payment };
      },
      undo: (_, context) => payments.withdraw(keyOf(context), context),
    },
    {
      name: 'create_shipment',
      async run({ request: { shippingAddress: address }, parts }, context) {
        const { orderId } = made(parts.order);
        return { shipment: await shipments.create({ orderId, address, hold: true }, context) };
      },
      undo: (_, context) => shipments.withdraw(keyOf(context), context),
    },
    {
      name: pivot,
      run: async ({ parts }, context) => ({
        order: await orders.confirm({ orderId: made(parts.order).orderId }, context),
      }),
      undo: ({ parts }, context) => orders.cancel({ orderId: made(parts.order).orderId }, context),
    },
    {
      name: 'capture_payment',
      run: async ({ parts }, context) => ({
        payment: await payments.capture({ paymentId: made(parts.payment).paymentId }, context),
      }),
    },
    {
      name: 'release_shipment',
      run: async ({ parts }, context) => ({
        shipment: await shipments.release({ shipmentId: made(parts.shipment).shipmentId }, context),
      }),
    },
  ];
}

function keyOf({ idempotencyKey = '' }: Context): { idempotencyKey: string } {
  return { idempotencyKey };
}

function made<T extends Order | Payment | Shipment>(part: T | undefined): T {
  if (part) return part;
  throw new Error('The journal says that a step is done whose result is missing.');
}

function declined(): AppError {
  return new AppError('failed_precondition', 'The payment was declined. Use another means of payment.', {
    faults: [{ field: 'methodToken', message: 'was declined' }],
  });
}
