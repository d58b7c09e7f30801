import { orderOperations, type Order, type OrdersPort } from '@bff/contracts';
import { createSampleData, type ServiceDefinition } from '@bff/service-kit';
import { authorisation } from './authorisation.ts';
import { createOrdersPort } from './orders-port.ts';

export const orderService: ServiceDefinition<Order, OrdersPort> = {
  name: 'order-service',
  type: {
    noun: 'order',
    idPrefix: 'ord',
    idOf: ({ orderId }) => orderId,
    codec: orderOperations.get.response,
  },
  operations: orderOperations,
  authorisation,
  createPort: createOrdersPort,
  sampleData: () => createSampleData().map(({ order }) => ({ value: order })),
};
