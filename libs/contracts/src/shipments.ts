import type { Context } from '@bff/core';
import type { Address, Change, ListQuery, Page, WatchQuery } from './shared-types.ts';

export type ShipmentStatus = 'preparing' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'cancelled';

export interface ShipmentEvent {
  status: ShipmentStatus;
  time: Date;
  place: string;
}

export interface Shipment {
  shipmentId: string;
  orderId: string;
  customerId: string;
  status: ShipmentStatus;
  carrier: string;
  trackingNumber: string;
  address: Address;
  estimatedDeliveryTime: Date;
  events: readonly ShipmentEvent[];
  createTime: Date;
  updateTime: Date;
  /** Grows with every change of any shipment. */
  revision: number;
}

export interface NewShipment {
  orderId: string;
  address: Address;
  /** The courier does not get it before `release`: until then it can be cancelled for certain. */
  hold?: boolean | undefined;
}

/** The courier's report: the step reached, which must be the next one, and where. */
export interface ShipmentStep {
  shipmentId: string;
  status: ShipmentStatus;
  place: string;
}

/** How a BFF uses the shipping service. Another customer's shipment is `not_found`. */
export interface ShipmentsPort {
  get(request: { shipmentId: string }, context: Context): Promise<Shipment>;
  /** Newest first. */
  list(request: ListQuery<ShipmentStatus>, context: Context): Promise<Page<Shipment>>;
  /** Needs `context.idempotencyKey` to be repeatable. */
  create(request: NewShipment, context: Context): Promise<Shipment>;
  /** Preparing → cancelled. As all state changes: a shipment that is already there stays as it is. */
  cancel(request: { shipmentId: string }, context: Context): Promise<Shipment>;
  /** Lets the courier have a shipment that was made on hold; one that he may have already stays as it is. */
  release(request: { shipmentId: string }, context: Context): Promise<Shipment>;
  /** Cancels what `create` made under this key, if anything; refuses a `create` with it that arrives later. */
  withdraw(request: { idempotencyKey: string }, context: Context): Promise<Shipment | undefined>;
  advance(request: ShipmentStep, context: Context): Promise<Shipment>;
  watch(request: WatchQuery, context: Context): AsyncIterable<Change<Shipment>>;
}
