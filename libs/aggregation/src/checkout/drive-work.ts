import { AppError, type Clock } from '@bff/core';
import { cancelWhole } from './cancel-steps.ts';
import type { CancelOutcome, CheckoutPorts } from './checkout.ts';
import type { CancelEntry, CheckoutEntry, CheckoutFailure } from './checkout-entry.ts';
import type { CheckoutEvent, Work } from './checkout-event.ts';
import { createCheckoutSteps } from './checkout-steps.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Claim } from './claim.ts';
import { runCheckout, type Finished } from './run-checkout.ts';
import { isRefusal, tryStep } from './try-step.ts';
import { undecided } from './undecided.ts';
import type { Origin, WorkScopes } from './work-scopes.ts';

export interface DriverOptions {
  ports: CheckoutPorts;
  scopes: WorkScopes;
  clock: Clock;
  times: CheckoutTimes;
  onEvent: (event: CheckoutEvent) => void;
}

/** How one piece of work is driven this time. */
export interface Drive {
  claim: Claim;
  origin: Origin;
  /** How often it was tried before. */
  tries: number;
  onTurnedBack?: (failure: CheckoutFailure) => void;
}

/** Brings work to its end and writes that down; work that cannot be ended now is put off, and what stopped it is thrown. */
export interface Driver {
  checkout(entry: Extract<CheckoutEntry, { request: unknown }>, drive: Drive): Promise<Finished>;
  /** A refusal is an end, too. */
  cancel(entry: CancelEntry, drive: Drive): Promise<CancelOutcome>;
}

export function createDriver(options: DriverOptions): Driver {
  const { ports, scopes, clock, times, onEvent } = options;
  const steps = createCheckoutSteps(ports);
  return {
    checkout: (entry, drive) =>
      orPutOff('checkout', drive, options, async () => {
        const { claim, origin, onTurnedBack = () => undefined } = drive;
        const finished = await scopes.run(entry.actingFor, origin, claim.signal, (context) =>
          runCheckout(entry, { steps, clock, times, claim, context, onEvent, onTurnedBack }),
        );
        await claim.finish(finished);
        return finished;
      }),
    cancel: (entry, drive) =>
      orPutOff('cancel', drive, options, async () => {
        const { claim, origin } = drive;
        try {
          const outcome = await scopes.run(entry.actingFor, origin, claim.signal, (parent) =>
            tryStep((context) => cancelWhole(ports, entry.orderId, context), {
              clock,
              times,
              parent,
              idempotencyKey: undefined,
              onFailure: (error) => {
                onEvent({ kind: 'step_failed', work: 'cancel', id: claim.id, step: 'cancel_order', error });
              },
            }),
          );
          await claim.remove();
          return outcome;
        } catch (thrown) {
          if (isRefusal(AppError.from(thrown))) await claim.remove();
          throw thrown;
        }
      }),
  };
}

async function orPutOff<T>(
  work: Work,
  { claim, tries }: Drive,
  { clock, times, onEvent }: DriverOptions,
  drive: () => Promise<T>,
): Promise<T> {
  try {
    const ended = await drive();
    onEvent({ kind: 'finished', work, id: claim.id });
    return ended;
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (work === 'cancel' && isRefusal(error)) throw error;
    onEvent({ kind: 'interrupted', work, id: claim.id, error });
    const pauseMs = Math.min(times.recoveryIntervalMs * 2 ** tries, times.maxRecoveryPauseMs);
    const putOff = { tries: tries + 1, notBefore: clock.date().getTime() + pauseMs };
    // Without it the next round comes sooner, no more.
    await claim.postpone(putOff).catch(() => undefined);
    throw undecided('unavailable', error);
  }
}
