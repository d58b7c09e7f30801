import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GlanceView, OrderStage, Source } from '../generated/wearable/v1/wearable_service.ts';
import { insideNames } from '../testing/inside-names.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { until } from '../testing/until.ts';
import { wearableOperations } from './wearable-operations.ts';

const { getOrderGlance } = wearableOperations;
const minutes = (time: string) => Date.parse(time) / 60_000;
const environment = { PART_TIMEOUT_MS: '600', SERVICE_TIMEOUT_MS: '700', REQUEST_TIMEOUT_MS: '1500' };

/** The README's order. */
const request = { orderId: 'ord_0001', view: GlanceView.GLANCE_VIEW_UNSPECIFIED };
const glance = {
  orderId: 'ord_0001',
  stage: OrderStage.ORDER_STAGE_ON_THE_WAY,
  totalMinorUnits: 23_575n,
  currency: 'EUR',
  itemCount: 6,
  etaMinutes: minutes('2026-01-06T21:12Z'),
  updatedMinutes: minutes('2026-01-06T06:12Z'),
};

describe.each(['http', 'grpc'] as const)('GetOrderGlance with services over %s', (protocol) => {
  let test: TestApp;
  let authorization: string;
  beforeAll(async () => {
    test = await startTestApp({ protocol, environment });
    authorization = await test.bearer();
  });
  afterEach(() => {
    for (const service of Object.values(test.services)) service.heal();
  });
  afterAll(() => test.close());

  it('gives the order in one round trip of at most 48 bytes', async () => {
    const answer = await test.client.call(getOrderGlance, request, { authorization });
    expect(answer.response).toEqual({ glance, unavailable: [] });
    expect(answer.bytes).toBeLessThanOrEqual(48);
    expect(answer.bytes).toBe(35);
  });

  it.each([
    ['FULL', GlanceView.GLANCE_VIEW_FULL, 3, OrderStage.ORDER_STAGE_ON_THE_WAY],
    ['DELIVERY', GlanceView.GLANCE_VIEW_DELIVERY, 2, OrderStage.ORDER_STAGE_ON_THE_WAY],
    ['ORDER', GlanceView.GLANCE_VIEW_ORDER, 1, OrderStage.ORDER_STAGE_CONFIRMED],
  ])('looks up for the view %s no more than it shows', async (_name, view, calls, stage) => {
    const before = await test.countCalls();
    const { response } = await test.client.call(getOrderGlance, { ...request, view }, { authorization });
    expect((await test.countCalls()) - before).toBe(calls);
    expect(response).toMatchObject({ glance: { stage }, unavailable: [] });
  });

  it('refuses a view that does not exist and names the field', async () => {
    // An enumeration is open on the wire: a newer client may send what this server does not know.
    const view = 9 as GlanceView;
    const failure = await test.client.fail(getOrderGlance, { ...request, view }, { authorization });
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT' });
    expect(failure.details?.faults.map(({ field }) => field)).toEqual(['view']);
  });

  it('says within its deadline which sources hang, in at most 48 bytes', async () => {
    test.services.payments.hang();
    test.services.shipments.hang();
    const startedAt = performance.now();
    const answer = await test.client.call(getOrderGlance, request, { authorization });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(answer.response).toEqual({
      glance: {
        ...glance,
        stage: OrderStage.ORDER_STAGE_CONFIRMED,
        etaMinutes: 0,
        updatedMinutes: minutes('2026-01-05T09:14Z'),
      },
      unavailable: [Source.SOURCE_PAYMENT, Source.SOURCE_SHIPMENT],
    });
    expect(answer.bytes).toBeLessThanOrEqual(48);
    await until(() => test.pendingCalls() === 0);
  });

  it('is partial in time for a client’s own, shorter deadline', async () => {
    test.services.shipments.hang();
    const answer = await test.client.call(getOrderGlance, request, { authorization, timeoutMs: 500 });
    expect(answer.response.unavailable).toEqual([Source.SOURCE_SHIPMENT]);
    expect(answer.response.glance?.stage).toBe(OrderStage.ORDER_STAGE_PAID);
  });

  it('fails with DEADLINE_EXCEEDED in time when the order hangs, and cancels the fan-out', async () => {
    test.services.orders.hang();
    const startedAt = performance.now();
    const failure = await test.client.fail(getOrderGlance, request, { authorization });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(failure).toMatchObject({
      status: 'DEADLINE_EXCEEDED',
      details: { code: 'deadline_exceeded' },
    });
    expect(failure.said).not.toMatch(insideNames);
    await until(() => test.pendingCalls() === 0);
  });

  it('obeys a client’s deadline that is shorter than its own', async () => {
    test.services.orders.hang();
    const startedAt = performance.now();
    const failure = await test.client.fail(getOrderGlance, request, { authorization, timeoutMs: 400 });
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(failure.status).toBe('DEADLINE_EXCEEDED');
    // Said by the server before the client gave up by itself.
    expect(failure.details?.code).toBe('deadline_exceeded');
    await until(() => test.pendingCalls() === 0);
  });

  it('cancels the fan-out when the client leaves', async () => {
    for (const service of Object.values(test.services)) service.hang();
    const leaving = new AbortController();
    const left = test.client.fail(getOrderGlance, request, { authorization, signal: leaving.signal });
    await until(() => test.pendingCalls() === 3);
    leaving.abort();
    expect((await left).status).toBe('CANCELLED');
    await until(() => test.pendingCalls() === 0);
  });

  it('finds neither an order that is not there nor another user’s, but support does', async () => {
    const bob = await test.bearer({ sub: 'bob' });
    const sam = await test.bearer({ sub: 'sam', roles: ['support'] });
    const missing = await test.client.fail(
      getOrderGlance,
      { ...request, orderId: 'ord_9999' },
      { authorization },
    );
    const foreign = await test.client.fail(getOrderGlance, request, { authorization: bob });
    for (const failure of [missing, foreign]) {
      expect(failure).toMatchObject({ status: 'NOT_FOUND', details: { code: 'not_found' } });
    }
    expect(foreign.message).toBe(missing.message);
    const { response } = await test.client.call(getOrderGlance, request, { authorization: sam });
    expect(response.glance).toEqual(glance);
  });

  it.each([
    ['an empty id', ''],
    ['an id beyond all measure', 'x'.repeat(129)],
  ])('refuses %s and names the field', async (_case, orderId) => {
    const failure = await test.client.fail(getOrderGlance, { ...request, orderId }, { authorization });
    expect(failure.status).toBe('INVALID_ARGUMENT');
    expect(failure.details?.faults.map(({ field }) => field)).toEqual(['order_id']);
  });

  it.each(['../payments/pay_0001', 'ord_0001/..', 'ord_0001?x=1', '%2e%2e', 'ørd', 'ord_0001:cancel'])(
    'takes %s for an id and nothing else',
    async (orderId) => {
      const failure = await test.client.fail(getOrderGlance, { ...request, orderId }, { authorization });
      expect(['NOT_FOUND', 'INVALID_ARGUMENT']).toContain(failure.status);
    },
  );
});

describe.each(['http', 'grpc'] as const)('GetOrderGlance with services stopped, over %s', (protocol) => {
  let test: TestApp;
  let authorization: string;
  beforeAll(async () => {
    test = await startTestApp({ protocol, environment });
    authorization = await test.bearer();
    await test.services.payments.stop();
  });
  afterAll(() => test.close());

  it('leaves out the payment, then refuses without the order', async () => {
    const { response } = await test.client.call(getOrderGlance, request, { authorization });
    expect(response).toEqual({ glance, unavailable: [Source.SOURCE_PAYMENT] });
    await test.services.orders.stop();
    const failure = await test.client.fail(getOrderGlance, request, { authorization });
    expect(failure).toMatchObject({ status: 'UNAVAILABLE', details: { code: 'upstream_failed' } });
    expect(failure.said).not.toMatch(insideNames);
  });
});
