import type { NewPayment } from '@bff/contracts';
import { FaultList } from '@bff/service-kit';
import { methodTokens } from './method-tokens.ts';

/** Throws `invalid_argument` with every fault of the payment. */
export function checkNewPayment({ orderId, amount, methodToken }: NewPayment): void {
  const faults = new FaultList();
  faults.text('orderId', orderId, 64);
  faults.money('amount', amount, 1);
  if (!methodTokens.has(methodToken)) faults.add('methodToken', 'is not a token of the payment provider');
  faults.throwIfAny('The payment cannot be authorised as it is.');
}
