import type { Payment, PaymentsPort } from '@bff/contracts';
import { describePortConformance } from '@bff/service-kit/testing';
import { paymentService } from './payment-service.ts';

const newPayment = (minorUnits: number) => ({
  orderId: 'ord_0001',
  amount: { currency: 'EUR', minorUnits },
  methodToken: 'tok_visa',
});

describePortConformance<Payment, PaymentsPort>({
  definition: paymentService,
  get: (port, paymentId, context) => port.get({ paymentId }, context),
  list: (port, query, context) => port.list(query as Parameters<PaymentsPort['list']>[0], context),
  watch: (port, query, context) => port.watch(query, context),
  create: (port, variant, context) => port.authorise(newPayment(variant), context),
  createInvalid: {
    fields: ['amount.minorUnits', 'methodToken'],
    run: (port, context) => port.authorise({ ...newPayment(0), methodToken: 'tok_unknown' }, context),
  },
  transition: { to: 'captured', run: (port, paymentId, context) => port.capture({ paymentId }, context) },
  withdraw: {
    to: 'voided',
    run: (port, idempotencyKey, context) => port.withdraw({ idempotencyKey }, context),
  },
  // pay_0003 is voided.
  refused: { id: 'pay_0003', run: (port, paymentId, context) => port.capture({ paymentId }, context) },
});
