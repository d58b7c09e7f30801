import { describe, expect, it } from '@jest/globals';
import { AppError, type Principal } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import {
  createFakeServices,
  orderOf,
  paymentOf,
  shipmentOf,
  type FakeData,
} from '../testing/fake-services.ts';
import { listOrderOverviews, type OrderOverviewsRequest } from './list-order-overviews.ts';

const ids = Array.from({ length: 60 }, (_, index) => `ord_${index + 1}`);
const data = {
  orders: ids.map((id) => orderOf(id)),
  payments: ids.slice(0, 55).map((id) => paymentOf(id, 'authorised')),
  shipments: ids.map((id) => shipmentOf(id)),
};
const alice: Principal = { subject: 'alice', client: 'web', scopes: [], roles: [] };
const sam: Principal = { subject: 'sam', client: 'web', scopes: [], roles: ['support'] };

async function overviewsOf(
  services: FakeData,
  request: OrderOverviewsRequest,
  principal: Principal | undefined,
) {
  const clock = createManualClock();
  const scope = openTestContext({ clock, principal });
  const { ports, calls } = createFakeServices(services);
  const [settled] = await Promise.allSettled([listOrderOverviews({ ports, clock })(request, scope.context)]);
  scope.close();
  expect(clock.pendingTimers()).toBe(0);
  return {
    page: settled.status === 'fulfilled' ? settled.value : undefined,
    error: settled.status === 'rejected' ? (settled.reason as unknown) : undefined,
    calls,
  };
}

describe('listOrderOverviews', () => {
  it('gives a page of 50 orders with payments and shipments from exactly three calls', async () => {
    const { page, calls } = await overviewsOf(data, { pageSize: 50 }, alice);
    expect(page?.items).toHaveLength(50);
    expect(page?.nextPageToken).toBe('50');
    expect(page?.items.every(({ payment, shipment }) => payment.ok && shipment.ok && shipment.value)).toBe(
      true,
    );
    expect(calls.map(({ name }) => name)).toEqual(['orders.list', 'payments.list', 'shipments.list']);
    expect(calls[0]?.query).toMatchObject({ customerId: 'alice', pageSize: 50 });
    expect(calls[1]?.query).toMatchObject({ orderIds: ids.slice(0, 50) });
  });

  it('gives each order its own payment, null where there is none', async () => {
    const { page } = await overviewsOf(data, { pageSize: 10, pageToken: '50' }, alice);
    expect(page?.items.map(({ payment }) => payment.ok && payment.value?.orderId)).toEqual([
      ...ids.slice(50, 55),
      ...Array.from({ length: 5 }, () => undefined),
    ]);
  });

  it.each([
    [{ payment: false }, ['orders.list', 'shipments.list']],
    [{ payment: false, shipment: false }, ['orders.list']],
  ])('makes no call for what is not asked for: %j', async (include, expected) => {
    const { page, calls } = await overviewsOf(data, { pageSize: 50, include }, alice);
    expect(calls.map(({ name }) => name)).toEqual(expected);
    expect(page?.items[0]?.payment).toEqual({ ok: false, code: 'skipped' });
  });

  it('makes one call for a customer without orders', async () => {
    const { page, calls } = await overviewsOf({ ...data, orders: [] }, {}, alice);
    expect(page?.items).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('reads on only while an order of the page has no payment and there may be more', async () => {
    // Two orders, five declined attempts at the first of them, the service gives three at a time.
    const payments = [
      paymentOf('ord_2', 'captured', 1),
      ...[2, 3, 4, 5, 6].map((minute) => paymentOf('ord_1', 'declined', minute)),
    ];
    const services = { orders: data.orders.slice(0, 2), payments, pageSize: 3 };
    const { page, calls } = await overviewsOf(services, {}, alice);
    expect(page?.items.map(({ payment }) => payment.ok && payment.value?.paymentId)).toEqual([
      'pay_ord_1_6',
      'pay_ord_2_1',
    ]);
    expect(calls.filter(({ name }) => name === 'payments.list')).toHaveLength(2);
  });

  it('marks the payments of the whole page as missing when their service is down', async () => {
    const fault = async (name: string) => {
      if (name === 'payments.list') throw new AppError('unavailable', 'gone');
    };
    const { page } = await overviewsOf({ ...data, fault }, { pageSize: 5 }, alice);
    expect(page?.items.map(({ payment }) => payment)).toEqual(
      Array.from({ length: 5 }, () => ({ ok: false, code: 'upstream_failed' })),
    );
    expect(page?.sources.map(({ status }) => status)).toEqual(['ok', 'unavailable', 'ok']);
  });

  it("lists another customer's orders for support and for nobody else", async () => {
    const { page } = await overviewsOf(data, { customerId: 'alice', pageSize: 5 }, sam);
    expect(page?.items).toHaveLength(5);
    const denied = await overviewsOf(data, { customerId: 'bob' }, alice);
    expect(denied.error).toMatchObject({ code: 'permission_denied' });
    expect(denied.calls).toEqual([]);
  });

  it('is unauthenticated for an anonymous caller', async () => {
    const { error, calls } = await overviewsOf(data, {}, undefined);
    expect(error).toMatchObject({ code: 'unauthenticated' });
    expect(calls).toEqual([]);
  });
});
