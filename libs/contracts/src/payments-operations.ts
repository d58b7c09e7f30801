import type { Payment, PaymentsPort, PaymentStatus } from './payments.ts';
import {
  PaymentServiceDefinition,
  PaymentStatus as Status,
  type Payment as PaymentMessage,
} from './generated/commerce/payment/v1/payment_service.ts';
import { asIs, serverStream, unary, type Mapping, type OperationsOf } from './operation.ts';
import { listQueryMapping, moneyMapping, required, statusNames, watchQueryMapping } from './shared-types.ts';

const statuses = statusNames<PaymentStatus, Status>(Status.PAYMENT_STATUS_UNSPECIFIED, {
  authorised: Status.PAYMENT_STATUS_AUTHORISED,
  captured: Status.PAYMENT_STATUS_CAPTURED,
  voided: Status.PAYMENT_STATUS_VOIDED,
  refunded: Status.PAYMENT_STATUS_REFUNDED,
  declined: Status.PAYMENT_STATUS_DECLINED,
});

const paymentMapping: Mapping<Payment, PaymentMessage> = {
  toMessage: (payment) => ({
    paymentId: payment.paymentId,
    orderId: payment.orderId,
    customerId: payment.customerId,
    status: statuses.toNumber(payment.status),
    amount: moneyMapping.toMessage(payment.amount),
    method: { ...payment.method },
    events: payment.events.map((event) => ({ ...event, status: statuses.toNumber(event.status) })),
    createTime: payment.createTime,
    updateTime: payment.updateTime,
    revision: BigInt(payment.revision),
  }),
  fromMessage: (message) => ({
    paymentId: message.paymentId,
    orderId: message.orderId,
    customerId: message.customerId,
    status: statuses.toName(message.status),
    amount: moneyMapping.fromMessage(required(message.amount, 'amount')),
    method: required(message.method, 'method'),
    events: message.events.map((event) => ({
      status: statuses.toName(event.status),
      time: required(event.time, 'events.time'),
      reference: event.reference,
    })),
    createTime: required(message.createTime, 'createTime'),
    updateTime: required(message.updateTime, 'updateTime'),
    revision: Number(message.revision),
  }),
};

const paymentResponse: Mapping<Payment, { payment: PaymentMessage | undefined }> = {
  toMessage: (payment) => ({ payment: paymentMapping.toMessage(payment) }),
  fromMessage: (message) => paymentMapping.fromMessage(required(message.payment, 'payment')),
};

const { methods } = PaymentServiceDefinition;

export const paymentOperations = {
  get: unary(PaymentServiceDefinition, methods.getPayment, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/payments/{paymentId}' },
    request: asIs(),
    response: paymentResponse,
  }),
  list: unary(PaymentServiceDefinition, methods.listPayments, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/payments', lists: ['orderIds'] },
    request: listQueryMapping(statuses),
    response: {
      toMessage: (page) => ({
        payments: page.items.map(paymentMapping.toMessage),
        nextPageToken: page.nextPageToken ?? '',
      }),
      fromMessage: (message) => ({
        items: message.payments.map(paymentMapping.fromMessage),
        nextPageToken: message.nextPageToken || undefined,
      }),
    },
  }),
  authorise: unary(PaymentServiceDefinition, methods.authorisePayment, {
    safety: 'keyed',
    http: { method: 'POST', path: '/v1/payments', status: 201 },
    request: {
      toMessage: (payment) => ({ ...payment, amount: moneyMapping.toMessage(payment.amount) }),
      fromMessage: (message) => ({
        orderId: message.orderId,
        amount: moneyMapping.fromMessage(required(message.amount, 'amount')),
        methodToken: message.methodToken,
      }),
    },
    response: paymentResponse,
  }),
  capture: unary(PaymentServiceDefinition, methods.capturePayment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/payments/{paymentId}:capture' },
    request: asIs(),
    response: paymentResponse,
  }),
  void: unary(PaymentServiceDefinition, methods.voidPayment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/payments/{paymentId}:void' },
    request: asIs(),
    response: paymentResponse,
  }),
  refund: unary(PaymentServiceDefinition, methods.refundPayment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/payments/{paymentId}:refund' },
    request: asIs(),
    response: paymentResponse,
  }),
  withdraw: unary(PaymentServiceDefinition, methods.withdrawPayment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/payments:withdraw' },
    request: asIs(),
    response: {
      toMessage: (payment) => ({ payment: payment && paymentMapping.toMessage(payment) }),
      fromMessage: ({ payment }) => payment && paymentMapping.fromMessage(payment),
    },
  }),
  watch: serverStream(PaymentServiceDefinition, methods.watchPayments, {
    safety: 'safe',
    request: watchQueryMapping,
    response: {
      toMessage: (change) => ({
        revision: BigInt(change.revision),
        payment: paymentMapping.toMessage(change.value),
      }),
      fromMessage: (message) => ({
        revision: Number(message.revision),
        value: paymentMapping.fromMessage(required(message.payment, 'payment')),
      }),
    },
  }),
} satisfies OperationsOf<PaymentsPort>;
