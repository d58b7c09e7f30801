import type { PaymentStatus } from '@bff/contracts';
import { createHash } from 'node:crypto';

/** The reference that the simulated acquirer gives to one step of a payment: the same step has the same one. */
export function acquirerReference(paymentId: string, status: PaymentStatus): string {
  return `acq_${createHash('sha256').update(`${paymentId}:${status}`).digest('hex').slice(0, 48)}`;
}
