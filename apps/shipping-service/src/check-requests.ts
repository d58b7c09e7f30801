import type { NewShipment, ShipmentStep } from '@bff/contracts';
import { FaultList } from '@bff/service-kit';

/** Throws `invalid_argument` with every fault of the shipment. */
export function checkNewShipment({ orderId, address }: NewShipment): void {
  const faults = new FaultList();
  faults.text('orderId', orderId, 64);
  faults.address('address', address);
  faults.throwIfAny('The shipment cannot be made as it is.');
}

/** Throws `invalid_argument` with every fault of the courier's report. */
export function checkStep({ place }: ShipmentStep): void {
  const faults = new FaultList();
  faults.text('place', place);
  faults.throwIfAny('The step cannot be recorded as it is.');
}
