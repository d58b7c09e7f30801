import { AppError, openContext, type Context, type ContextScope } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import type { Checkout, CheckoutPorts, CheckoutRequest } from '../checkout/checkout.ts';
import type { CheckoutEvent } from '../checkout/checkout-event.ts';
import { createCheckout } from '../checkout/create-checkout.ts';
import { createSealer } from '../checkout/create-sealer.ts';
import type { CheckoutStore } from '../checkout/state-store.ts';
import { findImbalances } from './books.ts';
import { MemoryCommerce } from './memory-commerce.ts';
import { createMemoryStore, isTestLease, type MemoryStore } from './memory-store.ts';

/**
 * What goes wrong with one call. `error`: it fails, nothing happens. `timeout`: it never arrives. `lost`: it is done and
 * the answer is lost. `late`: it arrives when nobody waits for it any more. `crash_before`, `crash_after`: the instance dies
 * at that point.
 */
export type Fault = 'none' | 'error' | 'timeout' | 'lost' | 'late' | 'crash_before' | 'crash_after';

/** Called before every call to a service (`orders.create`) and every write to the store (`store.compareAndSet`). */
export type FaultPlan = (call: string, instance: string) => Fault;

export const lateByMs = 8_000;

export interface Instance {
  readonly name: string;
  readonly checkout: Checkout;
  readonly events: CheckoutEvent[];
  readonly isAlive: () => boolean;
}

/** Any number of BFF instances over one store and one set of services, in virtual time. */
export interface CheckoutWorld {
  readonly clock: ManualClock;
  readonly commerce: MemoryCommerce;
  readonly store: MemoryStore;
  faults: FaultPlan;
  openInstance(name: string): Instance;
  openRequest(options?: { key?: string; subject?: string; timeoutMs?: number }): ContextScope;
  /** What does not add up; only when nothing is under way. */
  imbalances(): string[];
}

export const request: CheckoutRequest = {
  lines: [{ sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 1_250 } }],
  shippingAddress: {
    recipient: 'Alice',
    street: 'Dam 1',
    postalCode: '1012 JS',
    city: 'Amsterdam',
    country: 'NL',
  },
  methodToken: 'tok_visa',
};

export function createCheckoutWorld(): CheckoutWorld {
  const clock = createManualClock();
  const commerce = new MemoryCommerce(clock);
  const store = createMemoryStore(clock);
  const sealer = createSealer([new Uint8Array(32).fill(7)]);
  const world: CheckoutWorld = {
    clock,
    commerce,
    store,
    faults: () => 'none',
    openInstance(name) {
      const life = { alive: true };
      const isAlive = () => life.alive;
      const events: CheckoutEvent[] = [];
      const strike = createStrike(life, clock, (call) => world.faults(call, name));
      const checkout = createCheckout({
        ports: {
          orders: withFaults('orders', commerce.ports.orders, strike),
          payments: withFaults('payments', commerce.ports.payments, strike),
          shipments: withFaults('shipments', commerce.ports.shipments, strike),
        } satisfies CheckoutPorts,
        store: withFaults<CheckoutStore>('store', store.open(isAlive), strike),
        sealer,
        clock,
        random: () => 0.5,
        randomHex: (bytes) => 'ab'.repeat(bytes),
        onEvent: (event) => events.push(event),
      });
      return { name, checkout, events, isAlive };
    },
    openRequest: ({ key = 'key-1', subject = 'alice', timeoutMs = 5_000 } = {}) =>
      openContext({
        clock,
        timeoutMs,
        requestId: 'request-1',
        trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false },
        principal: { subject, client: 'web', scopes: ['orders'], roles: [] },
        idempotencyKey: key,
      }),
    imbalances: () =>
      findImbalances({
        orders: [...commerce.orders.values()],
        payments: [...commerce.payments.values()],
        shipments: [...commerce.shipments.values()],
      }),
  };
  return world;
}

type Strike = (call: string, effect: () => unknown, signal: AbortSignal | undefined) => unknown;

/** Does a call, or lets it go wrong as planned. A dead instance does nothing any more, and learns nothing. */
function createStrike(life: { alive: boolean }, clock: ManualClock, plan: (call: string) => Fault): Strike {
  const untilAborted = (signal: AbortSignal | undefined) =>
    new Promise((_, reject) => {
      if (!signal) reject(new AppError('unavailable', 'The store is away.'));
      signal?.addEventListener('abort', () => {
        reject(AppError.from(signal.reason));
      });
    });
  const die = () => {
    life.alive = false;
    return new Promise(() => undefined);
  };
  return async (call, effect, signal) => {
    if (!life.alive) return die();
    const fault = plan(call);
    if (fault === 'crash_before') return die();
    if (fault === 'error') throw new AppError('unavailable', 'Away.');
    if (fault === 'timeout') return untilAborted(signal);
    if (fault === 'late') {
      clock.after(lateByMs, () => void Promise.resolve(effect()).then(abandon, () => undefined));
      return untilAborted(signal);
    }
    const answer = await effect();
    if (fault === 'crash_after') return die();
    if (fault !== 'lost') return answer;
    abandon(answer);
    return untilAborted(signal);
  };
}

/** A lease whose holder does not know that he has it is not renewed. */
function abandon(answer: unknown): void {
  if (isTestLease(answer)) answer.abandon();
}

function withFaults<T extends object>(name: string, target: T, strike: Strike): T {
  return new Proxy(target, {
    get(_, method: string) {
      const call = target[method as keyof T] as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => {
        const signal = (values[1] as Partial<Context> | undefined)?.signal;
        return strike(`${name}.${method}`, () => call(...values), signal);
      };
    },
  });
}
