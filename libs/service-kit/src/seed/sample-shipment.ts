import type { Order, Shipment, ShipmentStatus } from '@bff/contracts';
import { formatId } from '../store/resource.ts';
import { carrierOf, trackingNumberOf, warehouse } from './carrier.ts';

type Step = readonly [status: ShipmentStatus, hours: number, place: (city: string) => string];

const packed: Step = ['preparing', 2, () => warehouse];
const onTheWay: readonly Step[] = [
  packed,
  ['in_transit', 9, () => warehouse],
  ['in_transit', 21, (city) => `${city} regional sorting centre`],
];
const atTheDoor: readonly Step[] = [...onTheWay, ['out_for_delivery', 30, (city) => `${city} depot`]];

/** How a shipment came to its state, with the hours after the order and the place of each step. */
const steps: Readonly<Record<ShipmentStatus, readonly Step[]>> = {
  preparing: [packed],
  in_transit: onTheWay,
  out_for_delivery: atTheDoor,
  delivered: [...atTheDoor, ['delivered', 34, (city) => city]],
  cancelled: [packed, ['cancelled', 3, () => warehouse]],
};

const hour = 3_600_000;

export function createSampleShipment(number: number, order: Order, status: ShipmentStatus): Shipment {
  const { orderId, customerId, shippingAddress: address } = order;
  const at = (hours: number) => new Date(order.createTime.getTime() + hours * hour);
  const shipmentId = formatId('shp', number);
  const events = steps[status].map(([reached, hours, place]) => ({
    status: reached,
    time: at(hours),
    place: place(address.city),
  }));
  return {
    shipmentId,
    orderId,
    customerId,
    status,
    carrier: carrierOf(shipmentId),
    trackingNumber: trackingNumberOf(shipmentId),
    address,
    estimatedDeliveryTime: at(36),
    events,
    createTime: at(2),
    updateTime: events.at(-1)?.time ?? at(2),
    revision: 0,
  };
}
