import { shipmentOperations, type Shipment, type ShipmentsPort } from '@bff/contracts';
import { createSampleData, type ServiceDefinition, type Written } from '@bff/service-kit';
import { authorisation } from './authorisation.ts';
import { startCourier } from './courier.ts';
import { createShipmentsPort } from './shipments-port.ts';

/** Sample shipments set out one after the other, so that for some minutes there is something to watch. */
const timeBetweenDeparturesMs = 10_000;

export interface ShippingServiceOptions {
  /** Milliseconds between two steps of the simulated courier; 0 for no courier. */
  courierIntervalMs: number;
}

export function createShippingService({
  courierIntervalMs,
}: ShippingServiceOptions): ServiceDefinition<Shipment, ShipmentsPort> {
  return {
    name: 'shipping-service',
    type: {
      noun: 'shipment',
      idPrefix: 'shp',
      idOf: ({ shipmentId }) => shipmentId,
      codec: shipmentOperations.get.response,
    },
    operations: shipmentOperations,
    authorisation,
    createPort: createShipmentsPort,
    sampleData: sampleShipments,
    ...(courierIntervalMs > 0 && {
      background: (parts) => startCourier({ ...parts, intervalMs: courierIntervalMs }),
    }),
  };
}

function sampleShipments(now: Date): Written<Shipment>[] {
  let departure = now.getTime();
  return createSampleData().flatMap(({ shipment, moves }) => {
    if (!shipment) return [];
    return [
      { value: shipment, dueTime: moves ? new Date((departure += timeBetweenDeparturesMs)) : undefined },
    ];
  });
}
