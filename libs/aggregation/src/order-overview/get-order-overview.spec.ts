import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import {
  createFakeServices,
  orderOf,
  paymentOf,
  shipmentOf,
  type FakeData,
} from '../testing/fake-services.ts';
import { getOrderOverview, type OrderOverviewRequest } from './get-order-overview.ts';

const data = {
  orders: [orderOf('ord_1'), orderOf('ord_2', 'bob')],
  payments: [paymentOf('ord_1', 'authorised')],
  shipments: [shipmentOf('ord_1')],
};

/** Asks for an overview while `advanceMs` pass, and gives what came of it. */
async function overviewOf(services: FakeData, request: OrderOverviewRequest, advanceMs = 0) {
  const clock = createManualClock();
  const scope = openTestContext({ clock, timeoutMs: 1_000 });
  const { ports, calls } = createFakeServices(services);
  const getOverview = getOrderOverview({ ports, clock, partTimeoutMs: 300 });
  const outcome = Promise.allSettled([getOverview(request, scope.context)]);
  await clock.advance(advanceMs);
  const [settled] = await outcome;
  scope.close();
  expect(clock.pendingTimers()).toBe(0);
  return {
    overview: settled.status === 'fulfilled' ? settled.value : undefined,
    error: settled.status === 'rejected' ? (settled.reason as unknown) : undefined,
    calls,
  };
}

describe('getOrderOverview', () => {
  it('gives the order with its payment and shipment, from three calls', async () => {
    const { overview, calls } = await overviewOf(data, { orderId: 'ord_1' });
    expect(overview).toMatchObject({
      order: { orderId: 'ord_1' },
      payment: { ok: true, value: { status: 'authorised' } },
      shipment: { ok: true, value: { shipmentId: 'shp_ord_1' } },
    });
    expect(overview?.sources.map(({ source, status }) => [source, status])).toEqual([
      ['order', 'ok'],
      ['payment', 'ok'],
      ['shipment', 'ok'],
    ]);
    expect(calls.map(({ name }) => name)).toEqual(['orders.get', 'payments.list', 'shipments.list']);
  });

  it('says null, not missing, for an order that has no payment yet', async () => {
    const { overview } = await overviewOf({ ...data, payments: [] }, { orderId: 'ord_1' });
    expect(overview?.payment).toEqual({ ok: true, value: null });
    expect(overview?.sources[1]).toMatchObject({ source: 'payment', status: 'ok' });
  });

  it('takes the latest payment when a declined one came before', async () => {
    const payments = [paymentOf('ord_1', 'declined', 1), paymentOf('ord_1', 'captured', 7)];
    const { overview } = await overviewOf({ ...data, payments }, { orderId: 'ord_1' });
    expect(overview?.payment).toMatchObject({ ok: true, value: { status: 'captured' } });
  });

  it("is not_found for another user's order, whatever the other services answer", async () => {
    const { error } = await overviewOf(data, { orderId: 'ord_2' });
    expect(error).toMatchObject({ code: 'not_found', message: 'There is no order ord_2.' });
  });

  it('does not call services that are not asked for', async () => {
    const { overview, calls } = await overviewOf(data, { orderId: 'ord_1', include: { payment: false } });
    expect(overview?.payment).toEqual({ ok: false, code: 'skipped' });
    expect(calls.map(({ name }) => name)).toEqual(['orders.get', 'shipments.list']);
    expect(overview?.sources.map(({ status }) => status)).toEqual(['ok', 'skipped', 'ok']);
  });

  it('answers without the payment when the payment service is down', async () => {
    const fault = async (name: string) => {
      if (name === 'payments.list') throw new AppError('unavailable', 'gone');
    };
    const { overview } = await overviewOf({ ...data, fault }, { orderId: 'ord_1' });
    expect(overview?.payment).toEqual({ ok: false, code: 'upstream_failed' });
    expect(overview?.shipment.ok).toBe(true);
  });

  it('answers without the shipment once the shipping service has hung for its time', async () => {
    const fault = (name: string) =>
      name === 'shipments.list' ? new Promise<never>(() => {}) : Promise.resolve();
    const { overview } = await overviewOf({ ...data, fault }, { orderId: 'ord_1' }, 300);
    expect(overview?.shipment).toEqual({ ok: false, code: 'deadline_exceeded' });
    expect(overview?.sources[2]).toMatchObject({ source: 'shipment', status: 'timeout', durationMs: 300 });
  });

  it('fails with upstream_failed when the order service is down', async () => {
    const fault = async (name: string) => {
      if (name === 'orders.get') throw new AppError('unavailable', 'gone');
    };
    const { error } = await overviewOf({ ...data, fault }, { orderId: 'ord_1' });
    expect(error).toMatchObject({ code: 'upstream_failed', message: 'The order source is unavailable.' });
  });
});
