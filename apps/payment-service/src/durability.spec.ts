import { fileURLToPath } from 'node:url';
import type { Payment, PaymentsPort } from '@bff/contracts';
import { createSqliteDatabase, describeDurability } from '@bff/service-kit/testing';
import { paymentService } from './payment-service.ts';

const amount = { currency: 'EUR', minorUnits: 2_300 };

describeDurability<Payment, PaymentsPort>('SQLite', {
  mainFile: fileURLToPath(new URL('main.ts', import.meta.url)),
  createDatabase: createSqliteDatabase,
  definition: paymentService,
  create: (port, context) =>
    port.authorise({ orderId: 'ord_0001', amount, methodToken: 'tok_visa' }, context),
  get: (port, paymentId, context) => port.get({ paymentId }, context),
});
