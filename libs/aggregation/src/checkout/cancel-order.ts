import { AppError, throwIfEnded, type Context, type Principal } from '@bff/core';
import type { Checkout, CheckoutPorts } from './checkout.ts';
import { actingFor, type CancelEntry } from './checkout-entry.ts';
import type { CheckoutEvent } from './checkout-event.ts';
import { requirePrincipal, workId } from './checkout-keys.ts';
import type { CheckoutTimes } from './checkout-times.ts';
import type { Driver } from './drive-work.ts';
import type { InTurn } from './in-turn.ts';
import type { CheckoutStore } from './state-store.ts';
import { askAgainMs } from './undecided.ts';
import { follow } from './work-scopes.ts';

export interface CancelOrderOptions {
  ports: CheckoutPorts;
  store: CheckoutStore;
  driver: Driver;
  inTurn: InTurn;
  times: CheckoutTimes;
  onEvent: (event: CheckoutEvent) => void;
}

/** One cancellation per order at a time. It needs no memory of its end: a second one finds everything done. */
export function cancelOrder(options: CancelOrderOptions): Checkout['cancelOrder'] {
  const { ports, driver, inTurn, onEvent } = options;
  return async ({ orderId }, context) => {
    const principal = requirePrincipal(context);
    throwIfEnded(context);
    // First: nothing is written down, not even the key, for an order that is not there.
    await ports.orders.get({ orderId }, context);
    await refuseOtherOrder(orderId, principal, context, options);
    const id = workId('cancel', principal, orderId);
    const work = inTurn(id, {
      async work(claim) {
        const entry: CancelEntry = { state: 'cancelling', actingFor: actingFor(principal), orderId };
        onEvent({ kind: claim.entry ? 'resumed' : 'began', work: 'cancel', id });
        await claim.save(entry);
        return driver.cancel(entry, { claim, origin: context, tries: 0 });
      },
      // Nothing is kept of its end: whoever comes next finds everything done.
      known: () => Promise.resolve(undefined),
      busy: underWay,
    });
    return follow(work, context);
  };
}

/** A key, or request id, that came with a cancellation stands for that order and no other. */
async function refuseOtherOrder(
  orderId: string,
  principal: Principal,
  { idempotencyKey }: Context,
  { store, times }: CancelOrderOptions,
): Promise<void> {
  if (!idempotencyKey) return;
  const key = `checkout/key/${workId('cancel-key', principal, idempotencyKey)}`;
  const order = workId('cancel', principal, orderId);
  const isFirst = await store.compareAndSet(key, undefined, order, { timeToLiveMs: times.outcomeLifetimeMs });
  if (isFirst !== undefined || (await store.get(key))?.value === order) return;
  throw new AppError(
    'idempotency_key_reused',
    'This idempotency key was used to cancel another order. Use a new key for a new request.',
  );
}

function underWay(): AppError {
  return new AppError(
    'conflict',
    'The order is being cancelled at this moment. Repeat the request in a moment.',
    {
      retryAfterMs: askAgainMs,
    },
  );
}
