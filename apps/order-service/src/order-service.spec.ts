import type { NewOrder, Order, OrdersPort } from '@bff/contracts';
import { describePortConformance } from '@bff/service-kit/testing';
import { orderService } from './order-service.ts';

const shippingAddress = {
  recipient: 'Alice',
  street: 'Dam 1',
  postalCode: '1012 JS',
  city: 'Amsterdam',
  country: 'NL',
};
const newOrder = (quantity: number): NewOrder => ({
  lines: [{ sku: 'MUG', name: 'Mug', quantity, unitPrice: { currency: 'EUR', minorUnits: 1_100 } }],
  shippingAddress,
});

describePortConformance<Order, OrdersPort>({
  definition: orderService,
  get: (port, orderId, context) => port.get({ orderId }, context),
  list: (port, query, context) => port.list(query as Parameters<OrdersPort['list']>[0], context),
  watch: (port, query, context) => port.watch(query, context),
  create: (port, variant, context) => port.create(newOrder(variant), context),
  createInvalid: {
    fields: ['lines[0].quantity', 'shippingAddress.city'],
    run: (port, context) =>
      port.create({ ...newOrder(0), shippingAddress: { ...shippingAddress, city: ' ' } }, context),
  },
  transition: { to: 'confirmed', run: (port, orderId, context) => port.confirm({ orderId }, context) },
  withdraw: {
    to: 'cancelled',
    run: (port, idempotencyKey, context) => port.withdraw({ idempotencyKey }, context),
  },
  // ord_0003 is cancelled.
  refused: { id: 'ord_0003', run: (port, orderId, context) => port.confirm({ orderId }, context) },
});
