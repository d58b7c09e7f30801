import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder } from '@bff/service-kit/testing';
import { OrderStage } from '../generated/wearable/v1/wearable_service.ts';
import { insideNames } from '../testing/inside-names.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { asSupport } from '../testing/test-services.ts';
import { wearableOperations } from './wearable-operations.ts';

const { cancelOrder, getOrderGlance } = wearableOperations;
const requestId = '7b5f2b0e-6d44-4f5e-9f0e-2f1c9c1f0a11';

describe('CancelOrder', () => {
  let test: TestApp;
  let authorization: string;
  beforeEach(async () => {
    test = await startTestApp();
    authorization = await test.bearer();
    // Still in the house.
    const { shipments } = test.services;
    await shipments.port.advance({ shipmentId: 'shp_0001', status: 'preparing', place: 'here' }, asSupport());
  });
  afterEach(() => test.close());

  it('calls the order off, stops the parcel, gives the money back, and shows it at once', async () => {
    const { orders, payments, shipments } = test.services;
    // Read before, so that an answer that is shared or kept would show.
    await test.client.call(getOrderGlance, { orderId: 'ord_0001', view: 0 }, { authorization });
    const answer = await test.client.call(cancelOrder, { orderId: 'ord_0001', requestId }, { authorization });
    expect(answer.response.glance?.stage).toBe(OrderStage.ORDER_STAGE_CANCELLED);
    expect(answer.bytes).toBeLessThanOrEqual(48);
    const read = await test.client.call(getOrderGlance, { orderId: 'ord_0001', view: 0 }, { authorization });
    expect(read.response.glance).toEqual(answer.response.glance);
    expect(await orders.port.get({ orderId: 'ord_0001' }, asSupport())).toMatchObject({
      status: 'cancelled',
    });
    expect(await payments.port.get({ paymentId: 'pay_0001' }, asSupport())).toMatchObject({
      status: 'refunded',
    });
    expect(await shipments.port.get({ shipmentId: 'shp_0001' }, asSupport())).toMatchObject({
      status: 'cancelled',
    });
  });

  it('is seen at once at another instance that keeps answers', async () => {
    const folder = createTemporaryFolder();
    const STATE_FILE = join(folder.path, 'state.db');
    const open = () => startTestApp({ beside: test, environment: { STATE_FILE, CACHE_FRESH_MS: '600000' } });
    const [writer, reader] = await Promise.all([open(), open()]);
    const ask = { orderId: 'ord_0001', view: 0 };
    const stageAt = async ({ client }: TestApp) =>
      (await client.call(getOrderGlance, ask, { authorization })).response.glance?.stage;
    const before = await stageAt(reader);
    // By the service's own people: it is given all the same, so it is kept.
    await test.services.orders.port.cancel({ orderId: 'ord_0001' }, asSupport());
    expect(await stageAt(reader)).toBe(before);
    await writer.client.call(cancelOrder, { orderId: 'ord_0001', requestId }, { authorization });
    const cancelled = OrderStage.ORDER_STAGE_CANCELLED;
    expect(await stageAt(writer)).toBe(cancelled);
    // The word of a write takes some milliseconds.
    while ((await stageAt(reader)) !== cancelled) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([writer.close(), reader.close()]);
    folder.remove();
  });

  it('is answered again when it is repeated, and refused when its id stands for another order', async () => {
    const ask = { orderId: 'ord_0001', requestId };
    const first = await test.client.call(cancelOrder, ask, { authorization });
    const again = await test.client.call(cancelOrder, ask, { authorization });
    expect(again.response).toEqual(first.response);
    const other = await test.client.fail(cancelOrder, { ...ask, orderId: 'ord_0002' }, { authorization });
    expect(other.details?.code).toBe('idempotency_key_reused');
  });

  it('is not found for another user', async () => {
    const bob = { authorization: await test.bearer({ sub: 'bob' }) };
    const failure = await test.client.fail(cancelOrder, { orderId: 'ord_0001', requestId }, bob);
    expect(failure.status).toBe('NOT_FOUND');
  });

  it.each([
    ['order_id', { orderId: '', requestId }],
    ['request_id', { orderId: 'ord_0001', requestId: '' }],
    ['request_id', { orderId: 'ord_0001', requestId: 'x'.repeat(129) }],
  ])('refuses a wrong %s and names it', async (field, ask) => {
    const failure = await test.client.fail(cancelOrder, ask, { authorization });
    expect(failure.status).toBe('INVALID_ARGUMENT');
    expect(failure.details?.faults.map((fault) => fault.field)).toEqual([field]);
  });

  it('names nothing inside when a service is down', async () => {
    await test.services.payments.stop();
    const failure = await test.client.fail(
      cancelOrder,
      { orderId: 'ord_0001', requestId },
      { authorization },
    );
    expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(failure.status);
    expect(failure.said).not.toMatch(insideNames);
  });
});
