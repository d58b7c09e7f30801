import type { Money, Payment, PaymentMethod } from '@bff/contracts';

/** `Payment` of the schema. */
export interface PaymentView {
  id: string;
  status: Payment['status'];
  amount: Money;
  method: PaymentMethod;
  updatedAt: Date;
}

export function presentPayment(payment: Payment): PaymentView {
  const { paymentId: id, status, amount, method, updateTime: updatedAt } = payment;
  return { id, status, amount, method, updatedAt };
}
