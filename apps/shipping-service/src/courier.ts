import type { Shipment } from '@bff/contracts';
import type { CancelTimer } from '@bff/core';
import type { BackgroundParts, BackgroundWork, Written } from '@bff/service-kit';
import { advance, nextStep } from './shipment-steps.ts';

export interface CourierOptions extends BackgroundParts<Shipment> {
  /** Time between two steps of one shipment. */
  intervalMs: number;
}

/** Shipments per round: a round holds the write lock. */
const roundSize = 50;

/**
 * The simulated courier: takes every shipment that is marked to move one step on, again and again, until it is delivered.
 * Replicas may each run one, since a step and the time of the next are one transaction.
 */
export function startCourier({ store, clock, logger, intervalMs }: CourierOptions): BackgroundWork {
  let stopTimer: CancelTimer = () => undefined;
  let stopped = false;
  let round = Promise.resolve();

  const move = (shipment: Shipment): Written<Shipment> => moveOn(shipment, clock.date(), intervalMs);
  const goRound = async () => {
    try {
      while ((await store.changeDue(roundSize, move)) === roundSize && !stopped);
    } catch (err) {
      logger.warn({ err }, 'the courier could not finish its round; it goes on with the next');
    }
    if (!stopped) schedule();
  };
  const schedule = () => {
    stopTimer = clock.after(intervalMs, () => {
      round = goRound();
    });
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      stopTimer();
      await round;
    },
  };
}

function moveOn(shipment: Shipment, now: Date, intervalMs: number): Written<Shipment> {
  const status = nextStep(shipment.status);
  const moved = status && advance(shipment, { status, place: placeOf(shipment, status) }, now);
  if (!moved) return { value: shipment };
  return { value: moved, dueTime: nextStep(moved.status) && new Date(now.getTime() + intervalMs) };
}

function placeOf({ address: { city } }: Shipment, status: Shipment['status']): string {
  if (status === 'in_transit') return `${city} regional sorting centre`;
  return status === 'out_for_delivery' ? `${city} depot` : city;
}
