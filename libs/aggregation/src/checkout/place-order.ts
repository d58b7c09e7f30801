import { AppError, throwIfEnded, type Clock } from '@bff/core';
import type { Checkout, CheckoutOutcome, CheckoutRequest } from './checkout.ts';
import { actingFor, type CheckoutEntry, type CheckoutFailure, type JournalEntry } from './checkout-entry.ts';
import type { CheckoutEvent } from './checkout-event.ts';
import { fingerprintOf, periodOf, requireIdempotencyKey, requirePrincipal, workId } from './checkout-keys.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Drive, Driver } from './drive-work.ts';
import type { Journal } from './journal.ts';
import { askAgainMs } from './undecided.ts';
import { follow, type WorkScopes } from './work-scopes.ts';

export interface PlaceOrderOptions {
  journal: Journal;
  driver: Driver;
  scopes: WorkScopes;
  clock: Clock;
  times: Pick<CheckoutTimes, 'outcomeLifetimeMs'>;
  onEvent: (event: CheckoutEvent) => void;
}

type Beginning = Pick<Extract<CheckoutEntry, { state: 'forward' }>, 'request' | 'fingerprint' | 'actingFor'>;

/** One checkout per user and key, whatever the number of requests and instances (draft-ietf-httpapi-idempotency-key-header). */
export function placeOrder(options: PlaceOrderOptions): Checkout['checkout'] {
  const { journal, scopes } = options;
  return async (request, context) => {
    const principal = requirePrincipal(context);
    const id = workId('checkout', principal, requireIdempotencyKey(context));
    const beginning = {
      request: copyOf(request),
      fingerprint: fingerprintOf(request),
      actingFor: actingFor(principal),
    };
    throwIfEnded(context);
    const answer = answerOf(await journal.read(id), beginning);
    if (answer) return answer;

    let failure: CheckoutFailure | undefined;
    const onTurnedBack = (decided: CheckoutFailure) => {
      failure = decided;
    };
    const work = scopes.hold(async () => {
      const claim = await journal.claim(id);
      if (!claim) throw inFlight();
      try {
        return await workOn(beginning, { claim, origin: context, tries: 0, onTurnedBack }, options);
      } finally {
        await claim.release().catch(() => undefined);
      }
    });
    try {
      return await follow(work, context);
    } catch (thrown) {
      // It is decided as soon as there is no way but back, though that may take longer than the client can wait.
      throw failure && AppError.from(thrown).code !== 'cancelled' ? errorOf(failure) : thrown;
    }
  };
}

/** Begins, or goes on with what an instance that is no more has begun. */
async function workOn(
  beginning: Beginning,
  drive: Drive,
  { driver, clock, times, onEvent }: PlaceOrderOptions,
): Promise<CheckoutOutcome> {
  const { claim } = drive;
  const answer = answerOf(claim.entry, beginning);
  if (answer) return answer;
  const beganAt = clock.date().getTime();
  const period = periodOf(beganAt, times.outcomeLifetimeMs);
  const known = claim.entry as Extract<CheckoutEntry, { state: 'forward' }> | undefined;
  const entry = known ?? { ...beginning, state: 'forward', beganAt, period, step: 0, parts: {} };
  await claim.save(entry);
  onEvent({ kind: known ? 'resumed' : 'began', work: 'checkout', id: claim.id });
  const finished = await driver.checkout(entry, drive);
  if (finished.state === 'failed') throw errorOf(finished.failure);
  return { ...finished.parts, replayed: false };
}

/** What is known already; undefined while it is not decided. Throws the error that was answered before. */
function answerOf(
  entry: JournalEntry | undefined,
  { fingerprint }: Pick<Beginning, 'fingerprint'>,
): CheckoutOutcome | undefined {
  if (!entry || entry.state === 'cancelling') return undefined;
  if (entry.fingerprint !== fingerprint) {
    throw new AppError(
      'idempotency_key_reused',
      'This idempotency key was used for another checkout. Use a new key for a new checkout.',
    );
  }
  if (entry.state === 'forward') return undefined;
  if (entry.state === 'placed') return { ...entry.parts, replayed: true };
  throw errorOf(entry.failure);
}

function errorOf({ code, message, faults }: CheckoutFailure): AppError {
  return new AppError(code, message, { faults });
}

function inFlight(): AppError {
  return new AppError(
    'conflict',
    'A checkout with this idempotency key is under way. Repeat the same request in a moment.',
    { retryAfterMs: askAgainMs },
  );
}

/** What the journal keeps is what was asked for, and nothing that came along with it. */
function copyOf({ lines, shippingAddress, methodToken }: CheckoutRequest): CheckoutRequest {
  return { lines, shippingAddress, methodToken };
}
