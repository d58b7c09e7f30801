import type { AppError, ErrorCode } from '@bff/core';
import type { UserError, UserErrorCode } from '../generated/resolver-types.ts';

const codes: Partial<Readonly<Record<ErrorCode, UserErrorCode>>> = {
  invalid_argument: 'INVALID_INPUT',
  failed_precondition: 'NOT_POSSIBLE',
  idempotency_key_reused: 'IDEMPOTENCY_KEY_REUSED',
  conflict: 'IN_PROGRESS',
  not_found: 'NOT_FOUND',
};

/** The input's names of what the use cases name in their faults. */
const inputNames: Readonly<Record<string, string>> = {
  methodToken: 'paymentMethodToken',
  orderId: 'id',
  'Idempotency-Key': 'idempotencyKey',
};

/** A refusal as `userErrors`, one for each fault; none for a failure of the system, which is no refusal. */
export function presentUserErrors({ code: errorCode, message, faults }: AppError): UserError[] {
  const code = codes[errorCode];
  if (code === undefined) return [];
  if (faults.length === 0) return [{ code, message, field: null }];
  return faults.map((fault) => {
    const field = inputNames[fault.field] ?? fault.field;
    if (code === 'INVALID_INPUT') return { code, message: `${field} ${fault.message}.`, field };
    const declined = code === 'NOT_POSSIBLE' && field === 'paymentMethodToken';
    return { code: declined ? 'PAYMENT_DECLINED' : code, message, field };
  });
}
