import { AppError, type Clock, type Context } from '@bff/core';
import type { CheckoutEntry, CheckoutFailure, CheckoutParts } from './checkout-entry.ts';
import type { CheckoutEvent } from './checkout-event.ts';
import { stepKey } from './checkout-keys.ts';
import { pivot, type CheckoutStep } from './checkout-steps.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Claim } from './claim.ts';
import { isRefusal, tryStep } from './try-step.ts';

type Forward = Extract<CheckoutEntry, { state: 'forward' }>;
type Backward = Extract<CheckoutEntry, { state: 'backward' }>;
export type Finished = Extract<CheckoutEntry, { state: 'placed' | 'failed' }>;

export interface RunCheckoutOptions {
  steps: readonly CheckoutStep[];
  clock: Clock;
  times: CheckoutTimes;
  claim: Claim;
  /** The scope of the whole work. */
  context: Context;
  onEvent: (event: CheckoutEvent) => void;
  /** Told once it is certain that the order will not be placed, before it is undone. */
  onTurnedBack: (failure: CheckoutFailure) => void;
}

/**
 * Drives a checkout from where its journal stands to its end. Before each step the journal says so, and every step can
 * be repeated; hence it does not matter who drives, how often, or where one of them died.
 * Throws when it cannot be finished now: a step behind the pivot or an undoing does not succeed, or the journal is lost.
 */
export async function runCheckout(entry: Forward | Backward, options: RunCheckoutOptions): Promise<Finished> {
  if (entry.state === 'backward') return goBack(entry, options);
  return goOn(entry, options);
}

async function goOn(entry: Forward, options: RunCheckoutOptions): Promise<Finished> {
  const { steps, claim } = options;
  const behindPivot = () => entry.step >= steps.findIndex(({ name }) => name === pivot);
  if (!behindPivot() && isTooLate(entry, options)) return turnBack(entry, tooLate(), options);
  for (let step = steps[entry.step]; step; step = steps[entry.step]) {
    let made: CheckoutParts;
    try {
      made = await runStep(step, entry, options);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (options.context.signal.aborted || (behindPivot() && !isRefusal(error))) throw error;
      return turnBack(entry, error, options);
    }
    entry = { ...entry, step: entry.step + 1, parts: { ...entry.parts, ...made } };
    // One write for «this step is done» and «the next one begins».
    if (entry.step < steps.length) await claim.save(entry);
  }
  const { order, payment, shipment } = entry.parts;
  if (!order || !payment || !shipment) throw new Error('All steps are done and something is missing.');
  return { state: 'placed', fingerprint: entry.fingerprint, parts: { order, payment, shipment } };
}

async function runStep(
  step: CheckoutStep,
  entry: Forward,
  options: RunCheckoutOptions,
): Promise<CheckoutParts> {
  const { claim, context: parent, onEvent } = options;
  const event = { work: 'checkout', id: claim.id, step: step.name } as const;
  const made = await tryStep((context) => step.run(entry, context), {
    ...options,
    parent,
    idempotencyKey: stepKey(claim.id, entry, step.name),
    onFailure: (error) => {
      onEvent({ kind: 'step_failed', ...event, error });
    },
  });
  onEvent({ kind: 'step_done', ...event });
  return made;
}

/** From here on there is no way but back; written down before the first step is undone. */
async function turnBack(entry: Forward, error: AppError, options: RunCheckoutOptions): Promise<Finished> {
  const { claim, onEvent, onTurnedBack } = options;
  const backward: Backward = { ...entry, state: 'backward', failure: failureOf(error, entry, options.steps) };
  await claim.save(backward);
  onEvent({ kind: 'turned_back', work: 'checkout', id: claim.id, error });
  onTurnedBack(backward.failure);
  return goBack(backward, options);
}

async function goBack(entry: Backward, options: RunCheckoutOptions): Promise<Finished> {
  const { steps, claim, context: parent, onEvent } = options;
  for (; entry.step >= 0; entry = { ...entry, step: entry.step - 1 }) {
    const { name, undo } = steps[entry.step] ?? {};
    if (!name || !undo) continue;
    const event = { work: 'checkout', id: claim.id, step: name } as const;
    await tryStep((context) => undo(entry, context), {
      ...options,
      parent,
      idempotencyKey: stepKey(claim.id, entry, name),
      onFailure: (error) => {
        onEvent({ kind: 'undo_failed', ...event, error });
      },
    });
    onEvent({ kind: 'undo_done', ...event });
    if (entry.step > 0) await claim.save({ ...entry, step: entry.step - 1 });
  }
  return { state: 'failed', fingerprint: entry.fingerprint, failure: entry.failure };
}

function isTooLate({ beganAt }: Forward, { clock, times }: RunCheckoutOptions): boolean {
  return clock.date().getTime() - beganAt > times.patienceMs;
}

function tooLate(): AppError {
  return new AppError('unavailable', 'The checkout was interrupted for too long.');
}

/** What the client reads. A service that refused may say why itself; one that failed has nothing to say. */
function failureOf(error: AppError, { step }: Forward, steps: readonly CheckoutStep[]): CheckoutFailure {
  if (!isRefusal(error)) {
    const message =
      'The order could not be placed because a service failed, and nothing was charged. Try again with a new idempotency key.';
    return { code: 'upstream_failed', message, faults: [] };
  }
  if (step < steps.findIndex(({ name }) => name === pivot)) {
    return { code: error.code, message: error.message, faults: error.faults };
  }
  return {
    code: 'failed_precondition',
    message: 'The order was cancelled while it was being placed; nothing is charged.',
    faults: [],
  };
}
