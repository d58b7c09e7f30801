import {
  paymentOperations,
  type NewPayment,
  type Payment,
  type PaymentsPort,
  type PaymentStatus,
} from '@bff/contracts';
import { AppError } from '@bff/core';
import { acquirerReference, type PortParts, type Written } from '@bff/service-kit';
import { checkNewPayment } from './check-new-payment.ts';
import { methodTokens } from './method-tokens.ts';

/** From which state a payment may go into another. */
const mayBecome: Readonly<Partial<Record<PaymentStatus, PaymentStatus>>> = {
  captured: 'authorised',
  voided: 'authorised',
  refunded: 'captured',
};

/** The payment service, as its callers' interface. */
export function createPaymentsPort({ core, clock }: PortParts<Payment, keyof PaymentsPort>): PaymentsPort {
  const moveTo = (status: PaymentStatus) => (payment: Payment) => move(payment, status, clock.date());
  return {
    get: ({ paymentId }, context) => core.get('get', paymentId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    authorise: (request, context) =>
      core.create(
        { operation: 'authorise', rules: paymentOperations.authorise, check: checkNewPayment },
        request,
        context,
        (identity) => authorise(request, identity, clock.date()),
      ),
    capture: ({ paymentId }, context) =>
      core.transition({ operation: 'capture', read: 'get' }, paymentId, context, moveTo('captured')),
    void: ({ paymentId }, context) =>
      core.transition({ operation: 'void', read: 'get' }, paymentId, context, moveTo('voided')),
    refund: ({ paymentId }, context) =>
      core.transition({ operation: 'refund', read: 'get' }, paymentId, context, moveTo('refunded')),
    withdraw: ({ idempotencyKey }, context) =>
      core.withdraw(
        { operation: 'withdraw', created: paymentOperations.authorise },
        idempotencyKey,
        context,
        (payment) => giveBack(payment, clock.date()),
      ),
  };
}

function authorise(
  { orderId, amount, methodToken }: NewPayment,
  { id, customerId, revision }: { id: string; customerId: string; revision: number },
  now: Date,
): Written<Payment> {
  const method = methodTokens.get(methodToken);
  if (!method) throw new Error('checkNewPayment lets no other token pass.');
  const status = method.declined ? 'declined' : 'authorised';
  return {
    value: {
      paymentId: id,
      orderId,
      customerId,
      status,
      amount,
      method: { brand: method.brand, lastFour: method.lastFour },
      events: [{ status, time: now, reference: acquirerReference(id, status) }],
      createTime: now,
      updateTime: now,
      revision,
    },
  };
}

/** The payment without hold on the customer's money; undefined when it has none. */
function giveBack(payment: Payment, now: Date): Written<Payment> | undefined {
  if (payment.status === 'authorised') return move(payment, 'voided', now);
  return payment.status === 'captured' ? move(payment, 'refunded', now) : undefined;
}

/** Undefined when the payment is there already. */
function move(payment: Payment, status: PaymentStatus, now: Date): Written<Payment> | undefined {
  if (payment.status === status) return undefined;
  if (mayBecome[status] !== payment.status) {
    throw new AppError(
      'failed_precondition',
      `The payment is ${payment.status}; it cannot become ${status}.`,
    );
  }
  const event = { status, time: now, reference: acquirerReference(payment.paymentId, status) };
  return { value: { ...payment, status, updateTime: now, events: [...payment.events, event] } };
}
