import { sequenceOf } from '../store/resource.ts';

/** Where every parcel starts. */
export const warehouse = 'Rotterdam warehouse, outbound dock 7';

const carriers = ['Northwind Express', 'Blauwe Lijn Parcel', 'Kestrel Logistics'];

/** The carrier that the simulated warehouse hands a shipment to. */
export function carrierOf(shipmentId: string): string {
  return carriers[(sequenceOf(shipmentId) - 1) % carriers.length] ?? '';
}

/** 12 digits after the carrier's letters, as real ones look. */
export function trackingNumberOf(shipmentId: string): string {
  const sequence = sequenceOf(shipmentId);
  const letters = carrierOf(shipmentId).slice(0, 2).toUpperCase();
  return `${letters}${String((sequence * 7_919_000_003 + 102_030_405_060) % 1_000_000_000_000).padStart(12, '0')}`;
}
