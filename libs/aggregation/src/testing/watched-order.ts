import { AppError, type ContextScope } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import {
  createOrderWatch,
  type OrderWatch,
  type OrderWatchOptions,
  type WatchOrderRequest,
} from '../watch/create-order-watch.ts';
import type { OrderOverviewUpdate } from '../watch/order-reading.ts';
import { createFakeChangeServices } from './fake-change-services.ts';

/** A live order that is paid and about to be packed, and as many instances of a BFF as a test wants. */
export function setUp() {
  const clock = createManualClock();
  const services = createFakeChangeServices();
  services.order('pending');
  services.payment('authorised');
  services.order('confirmed');
  services.shipment('preparing');
  return {
    clock,
    services,
    instance: (options: Partial<OrderWatchOptions> = {}) =>
      createOrderWatch({ ports: services.ports, clock, random: () => 0.5, ...options }),
    open: (subject = 'alice') =>
      openTestContext({
        clock,
        timeoutMs: 3_600_000,
        principal: { subject, client: 'web', scopes: [], roles: [] },
      }),
  };
}

/** Reads along as fast as updates come. */
export function read(watch: OrderWatch, scope: ContextScope, request: Partial<WatchOrderRequest> = {}) {
  const updates: OrderOverviewUpdate[] = [];
  const state: { error?: AppError } = {};
  const readAll = async () => {
    try {
      for await (const update of watch.watch({ orderId: 'ord_1', ...request }, scope.context))
        updates.push(update);
    } catch (thrown) {
      state.error = AppError.from(thrown);
    }
  };
  return { updates, state, finished: readAll() };
}

/** Order, payment and shipment in three words. */
export function stageOf({ order, payment, shipment }: OrderOverviewUpdate): string {
  const paid = payment.ok ? (payment.value?.status ?? 'none') : payment.code;
  const sent = shipment.ok ? (shipment.value?.status ?? 'none') : shipment.code;
  return [order.status, paid, sent].join(' ');
}

export const gone = new AppError('cancelled', 'The client left.');
