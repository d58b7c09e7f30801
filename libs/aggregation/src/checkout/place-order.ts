import { AppError, throwIfEnded, type Clock } from '@bff/core';
import type { Checkout, CheckoutOutcome, CheckoutRequest } from './checkout.ts';
import { actingFor, type CheckoutEntry, type CheckoutFailure, type JournalEntry } from './checkout-entry.ts';
import type { CheckoutEvent } from './checkout-event.ts';
import { fingerprintOf, periodOf, requireIdempotencyKey, requirePrincipal, workId } from './checkout-keys.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Drive, Driver } from './drive-work.ts';
import type { InTurn } from './in-turn.ts';
import type { Journal } from './journal.ts';
import { askAgainMs } from './undecided.ts';
import { follow, type Origin } from './work-scopes.ts';

export interface PlaceOrderOptions {
  journal: Journal;
  driver: Driver;
  inTurn: InTurn;
  clock: Clock;
  times: Pick<CheckoutTimes, 'outcomeLifetimeMs'>;
  onEvent: (event: CheckoutEvent) => void;
}

type Beginning = Pick<Extract<CheckoutEntry, { state: 'forward' }>, 'request' | 'fingerprint' | 'actingFor'>;

/** What this instance does about one key; everybody here who asks for the same follows it. */
interface Attempt {
  readonly work: Promise<CheckoutOutcome>;
  /** It is decided as soon as there is no way but back, though that may take longer than the client can wait. */
  failure?: CheckoutFailure;
}

/** One checkout per user and key, whatever the number of requests and instances (draft-ietf-httpapi-idempotency-key-header). */
export function placeOrder(options: PlaceOrderOptions): Checkout['checkout'] {
  const { journal } = options;
  const attempts = new Map<string, Attempt>();
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

    const name = `${id} ${beginning.fingerprint}`;
    const joined = attempts.get(name);
    const attempt = joined ?? begin(id, beginning, context, options);
    if (!joined) {
      attempts.set(name, attempt);
      const forget = () => attempts.delete(name);
      attempt.work.then(forget, forget);
    }
    try {
      const outcome = await follow(attempt.work, context);
      return joined ? { ...outcome, replayed: true } : outcome;
    } catch (thrown) {
      const { failure } = attempt;
      throw failure && AppError.from(thrown).code !== 'cancelled' ? errorOf(failure) : thrown;
    }
  };
}

function begin(id: string, beginning: Beginning, origin: Origin, options: PlaceOrderOptions): Attempt {
  const { journal, inTurn } = options;
  const onTurnedBack = (decided: CheckoutFailure) => {
    attempt.failure = decided;
  };
  const attempt: Attempt = {
    work: inTurn(id, {
      work: (claim) => workOn(beginning, { claim, origin, tries: 0, onTurnedBack }, options),
      known: async () => answerOf(await journal.read(id), beginning),
      busy: inFlight,
    }),
  };
  return attempt;
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
