import type { Shipment, ShipmentStatus } from '@bff/contracts';
import { AppError } from '@bff/core';

const route: readonly ShipmentStatus[] = ['preparing', 'in_transit', 'out_for_delivery', 'delivered'];

/** The step that comes next; undefined at the end of the way. */
export function nextStep(status: ShipmentStatus): ShipmentStatus | undefined {
  const position = route.indexOf(status);
  return position === -1 ? undefined : route[position + 1];
}

/** The shipment one step on; undefined when it is there already. Throws `failed_precondition` for any step but the next. */
export function advance(
  shipment: Shipment,
  { status, place }: { status: ShipmentStatus; place: string },
  now: Date,
): Shipment | undefined {
  if (shipment.status === status) return undefined;
  const next = nextStep(shipment.status);
  if (next !== status) {
    const allowed = next === undefined ? 'there is no next step' : `the next step is ${next}`;
    throw new AppError(
      'failed_precondition',
      `The shipment is ${shipment.status}; ${allowed}, not ${status}.`,
    );
  }
  return withEvent(shipment, status, place, now);
}

/** The shipment stopped; undefined when it is already. Throws `failed_precondition` once the courier has it. */
export function cancel(shipment: Shipment, now: Date): Shipment | undefined {
  if (shipment.status === 'cancelled') return undefined;
  if (shipment.status !== 'preparing') {
    throw new AppError(
      'failed_precondition',
      `The shipment is ${shipment.status}; it can be cancelled only before the courier has it.`,
    );
  }
  return withEvent(shipment, 'cancelled', shipment.events.at(-1)?.place ?? '', now);
}

/** The shipment for the courier to take; undefined when he may have it already. Throws `failed_precondition` for a cancelled one. */
export function release(shipment: Shipment, released: boolean, now: Date): Shipment | undefined {
  if (shipment.status === 'cancelled') {
    throw new AppError('failed_precondition', 'The shipment is cancelled; the courier cannot have it.');
  }
  return released || shipment.status !== 'preparing' ? undefined : { ...shipment, updateTime: now };
}

function withEvent(shipment: Shipment, status: ShipmentStatus, place: string, now: Date): Shipment {
  const events = [...shipment.events, { status, time: now, place }];
  return { ...shipment, status, events, updateTime: now };
}
