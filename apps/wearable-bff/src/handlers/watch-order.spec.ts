import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceError } from '@grpc/grpc-js';
import { OrderStage, Source, type WatchOrderResponse } from '../generated/wearable/v1/wearable_service.ts';
import { insideNames } from '../testing/inside-names.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { failureOf, type CallOptions } from '../testing/test-client.ts';
import { asSupport } from '../testing/test-services.ts';
import { until } from '../testing/until.ts';
import { wearableOperations } from './wearable-operations.ts';

const { watchOrder } = wearableOperations;
const request = { orderId: 'ord_0001', afterRevision: '', view: 0 };
const shipmentId = 'shp_0001';

/** Reads a stream to its end. */
function read(test: TestApp, options: CallOptions, asked = request) {
  const seen: WatchOrderResponse[] = [];
  const readAll = async () => {
    try {
      for await (const response of test.client.stream(watchOrder, asked, options)) seen.push(response);
      return undefined;
    } catch (thrown) {
      return failureOf(thrown as ServiceError);
    }
  };
  return { seen, ended: readAll() };
}

const liveOf = ({ app }: TestApp) => (app.info?.() as { live: Record<string, number> }).live;

describe('WatchOrder', () => {
  let test: TestApp;
  let authorization: string;
  const move = (status: 'out_for_delivery' | 'delivered') =>
    test.services.shipments.port.advance({ shipmentId, status, place: 'here' }, asSupport());
  beforeEach(async () => {
    test = await startTestApp({ protocol: 'grpc', environment: { WATCH_MAX_STREAMS_PER_USER: '3' } });
    authorization = await test.bearer();
  });
  afterEach(() => test.close());

  it('shows the glance as it is, then every change within a second, in at most 64 bytes each', async () => {
    const { seen } = read(test, { authorization });
    await until(() => seen.length === 1);
    expect(seen[0]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_ON_THE_WAY);
    const startedAt = performance.now();
    await move('out_for_delivery');
    await until(() => seen.length === 2);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(seen[1]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_OUT_FOR_DELIVERY);
    await test.services.payments.port.refund({ paymentId: 'pay_0001' }, asSupport());
    await until(() => seen.length === 3);
    expect(seen[2]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_REFUNDED);
    await test.services.orders.port.cancel({ orderId: 'ord_0001' }, asSupport());
    await until(() => seen.length === 4);
    expect(seen[3]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_CANCELLED);
    for (const response of seen) expect(watchOrder.response.encode(response).length).toBeLessThanOrEqual(64);
  });

  it('resumes after a revision at another instance, without what was seen and with what was missed', async () => {
    const first = read(test, { authorization, timeoutMs: 300 });
    const failure = await first.ended;
    expect(failure?.status).toBe('DEADLINE_EXCEEDED');
    const afterRevision = first.seen[0]!.revision;
    const other = await startTestApp({ protocol: 'grpc', beside: test });
    const options = { authorization: await other.bearer() };
    const unchanged = read(other, { ...options, timeoutMs: 300 }, { ...request, afterRevision });
    await unchanged.ended;
    expect(unchanged.seen).toEqual([]);
    await move('out_for_delivery');
    await move('delivered');
    const resumed = read(other, options, { ...request, afterRevision });
    await until(() => resumed.seen.length === 1);
    expect(resumed.seen[0]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_DELIVERED);
    // Its process stops: the watch is told to go elsewhere.
    other.drain();
    expect((await resumed.ended)?.status).toBe('UNAVAILABLE');
    await other.close();
  });

  it('shares one stream to each service among all who watch an order, and ends with the last of them', async () => {
    const leaving = new AbortController();
    const readers = [1, 2, 3].map(() => read(test, { authorization, signal: leaving.signal }));
    const sam = {
      authorization: await test.bearer({ sub: 'sam', roles: ['support'] }),
      signal: leaving.signal,
    };
    readers.push(read(test, sam));
    await until(() => readers.every(({ seen }) => seen.length === 1));
    expect(liveOf(test)).toEqual({ orders: 1, watchers: 4, streams: 3, watches: 4 });
    leaving.abort();
    await until(() => liveOf(test)['watches'] === 0);
    expect(liveOf(test)).toEqual({ orders: 0, watchers: 0, streams: 0, watches: 0 });
    await until(() => test.pendingCalls() === 0);
  });

  it('is refused with more streams than a user may have', async () => {
    const readers = [1, 2, 3].map(() => read(test, { authorization }));
    await until(() => readers.every(({ seen }) => seen.length === 1));
    const failure = await read(test, { authorization }).ended;
    expect(failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', details: { code: 'resource_exhausted' } });
    expect(liveOf(test)['watches']).toBe(3);
  });

  it('finds neither an order that is not there nor another user’s', async () => {
    const bob = await read(test, { authorization: await test.bearer({ sub: 'bob' }) }).ended;
    const missing = await read(test, { authorization }, { ...request, orderId: 'ord_9999' }).ended;
    for (const failure of [bob, missing]) {
      expect(failure).toMatchObject({ status: 'NOT_FOUND', details: { code: 'not_found' } });
    }
    expect(bob?.message).toBe(missing?.message);
  });

  it.each([
    ['order_id', { ...request, orderId: '' }],
    ['after_revision', { ...request, afterRevision: 'yesterday' }],
  ])('refuses a wrong %s and names it', async (field, asked) => {
    const failure = await read(test, { authorization }, asked).ended;
    expect(failure?.status).toBe('INVALID_ARGUMENT');
    expect(failure?.details?.faults.map((fault) => fault.field)).toEqual([field]);
  });

  it('is UNAUTHENTICATED without a token', async () => {
    expect((await read(test, {}).ended)?.status).toBe('UNAUTHENTICATED');
  });

  it('says what is missing, and shows it once it is there', async () => {
    test.services.shipments.hang();
    const { seen } = read(test, { authorization });
    await until(() => seen.length === 1);
    expect(seen[0]?.unavailable).toEqual([Source.SOURCE_SHIPMENT]);
    expect(seen[0]?.glance?.stage).toBe(OrderStage.ORDER_STAGE_PAID);
    test.services.shipments.heal();
    await until(() => seen.length >= 2, 5_000);
    expect(seen.at(-1)).toMatchObject({
      unavailable: [],
      glance: { stage: OrderStage.ORDER_STAGE_ON_THE_WAY },
    });
  });

  it('is UNAVAILABLE while the order itself cannot be had, and names nothing inside', async () => {
    await test.services.orders.stop();
    const failure = await read(test, { authorization }).ended;
    expect(failure).toMatchObject({ status: 'UNAVAILABLE', details: { code: 'upstream_failed' } });
    expect(failure?.said).not.toMatch(insideNames);
  });
});
