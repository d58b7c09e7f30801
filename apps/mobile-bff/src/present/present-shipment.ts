import type { Shipment, ShipmentEvent } from '@bff/contracts';

/** `Shipment` of the schema. */
export interface ShipmentView {
  id: string;
  status: Shipment['status'];
  carrier: string;
  trackingNumber: string;
  estimatedDelivery: Date;
  events: readonly ShipmentEvent[];
  latestEvent: ShipmentEvent | null;
  updatedAt: Date;
}

export function presentShipment(shipment: Shipment): ShipmentView {
  const { shipmentId: id, status, carrier, trackingNumber, events } = shipment;
  return {
    id,
    status,
    carrier,
    trackingNumber,
    estimatedDelivery: shipment.estimatedDeliveryTime,
    events,
    latestEvent: events.at(-1) ?? null,
    updatedAt: shipment.updateTime,
  };
}
