import type { Order, Payment, PaymentStatus } from '@bff/contracts';
import { formatId } from '../store/resource.ts';
import { acquirerReference } from './acquirer-reference.ts';

/** How a payment came to its state, with the seconds after the order at which each step was taken. */
const steps: Readonly<Record<PaymentStatus, readonly (readonly [PaymentStatus, number])[]>> = {
  authorised: [['authorised', 4]],
  captured: [
    ['authorised', 4],
    ['captured', 93],
  ],
  voided: [
    ['authorised', 4],
    ['voided', 88],
  ],
  refunded: [
    ['authorised', 4],
    ['captured', 71],
    ['refunded', 90],
  ],
  declined: [['declined', 4]],
};

const methods: readonly Payment['method'][] = [
  { brand: 'visa', lastFour: '4242' },
  { brand: 'mastercard', lastFour: '4444' },
  { brand: 'sepa', lastFour: '3000' },
];

export function createSamplePayment(number: number, order: Order, status: PaymentStatus): Payment {
  const paymentId = formatId('pay', number);
  const createTime = new Date(order.createTime.getTime() + 4_000);
  const events = steps[status].map(([reached, seconds]) => ({
    status: reached,
    time: new Date(order.createTime.getTime() + seconds * 1_000),
    reference: acquirerReference(paymentId, reached),
  }));
  return {
    paymentId,
    orderId: order.orderId,
    customerId: order.customerId,
    status,
    amount: order.total,
    method: methods[(number - 1) % methods.length] ?? { brand: 'visa', lastFour: '4242' },
    events,
    createTime,
    updateTime: events.at(-1)?.time ?? createTime,
    revision: 0,
  };
}
