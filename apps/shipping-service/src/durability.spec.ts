import { fileURLToPath } from 'node:url';
import type { Shipment, ShipmentsPort } from '@bff/contracts';
import { createSqliteDatabase, describeDurability } from '@bff/service-kit/testing';
import { createShippingService } from './shipping-service.ts';

const address = {
  recipient: 'Alice',
  street: 'Dam 1',
  postalCode: '1012 JS',
  city: 'Amsterdam',
  country: 'NL',
};

describeDurability<Shipment, ShipmentsPort>('SQLite', {
  mainFile: fileURLToPath(new URL('main.ts', import.meta.url)),
  createDatabase: createSqliteDatabase,
  definition: createShippingService({ courierIntervalMs: 0 }),
  // On hold: the courier of the process does not change them.
  create: (port, context) => port.create({ orderId: 'ord_0001', address, hold: true }, context),
  get: (port, shipmentId, context) => port.get({ shipmentId }, context),
});
