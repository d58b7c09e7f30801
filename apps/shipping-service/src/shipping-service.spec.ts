import type { Shipment, ShipmentsPort } from '@bff/contracts';
import { describePortConformance } from '@bff/service-kit/testing';
import { createShippingService } from './shipping-service.ts';

const address = {
  recipient: 'Alice',
  street: 'Dam 1',
  postalCode: '1012 JS',
  city: 'Amsterdam',
  country: 'NL',
};

describePortConformance<Shipment, ShipmentsPort>({
  definition: createShippingService({ courierIntervalMs: 0 }),
  get: (port, shipmentId, context) => port.get({ shipmentId }, context),
  list: (port, query, context) => port.list(query as Parameters<ShipmentsPort['list']>[0], context),
  watch: (port, query, context) => port.watch(query, context),
  create: (port, variant, context) =>
    port.create({ orderId: 'ord_0001', address: { ...address, street: `Dam ${variant}` } }, context),
  createInvalid: {
    fields: ['orderId', 'address.country'],
    run: (port, context) =>
      port.create({ orderId: '', address: { ...address, country: 'Holland' } }, context),
  },
  transition: { to: 'cancelled', run: (port, shipmentId, context) => port.cancel({ shipmentId }, context) },
  withdraw: {
    to: 'cancelled',
    run: (port, idempotencyKey, context) => port.withdraw({ idempotencyKey }, context),
  },
  // shp_0001 is in transit.
  refused: { id: 'shp_0001', run: (port, shipmentId, context) => port.cancel({ shipmentId }, context) },
});
