import { fileURLToPath } from 'node:url';
import type { Order, OrdersPort } from '@bff/contracts';
import type { DurabilityOptions } from '@bff/service-kit/testing';
import { orderService } from '../order-service.ts';

const newOrder = {
  lines: [{ sku: 'MUG', name: 'Mug', quantity: 1, unitPrice: { currency: 'EUR', minorUnits: 1_100 } }],
  shippingAddress: {
    recipient: 'Alice',
    street: 'Dam 1',
    postalCode: '1012 JS',
    city: 'Amsterdam',
    country: 'NL',
  },
};

/** How the durability suite uses this service, on whichever database. */
export const durableOrders: Omit<DurabilityOptions<Order, OrdersPort>, 'createDatabase'> = {
  mainFile: fileURLToPath(new URL('../main.ts', import.meta.url)),
  definition: orderService,
  create: (port, context) => port.create(newOrder, context),
  get: (port, orderId, context) => port.get({ orderId }, context),
};
