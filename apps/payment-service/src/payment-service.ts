import { paymentOperations, type Payment, type PaymentsPort } from '@bff/contracts';
import { createSampleData, type ServiceDefinition } from '@bff/service-kit';
import { authorisation } from './authorisation.ts';
import { createPaymentsPort } from './payments-port.ts';

export const paymentService: ServiceDefinition<Payment, PaymentsPort> = {
  name: 'payment-service',
  type: {
    noun: 'payment',
    idPrefix: 'pay',
    idOf: ({ paymentId }) => paymentId,
    codec: paymentOperations.get.response,
  },
  operations: paymentOperations,
  authorisation,
  createPort: createPaymentsPort,
  sampleData: () => createSampleData().map(({ payment }) => ({ value: payment })),
};
