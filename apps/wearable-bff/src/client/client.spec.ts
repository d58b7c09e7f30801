import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentials } from '@grpc/grpc-js';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { asSupport } from '../testing/test-services.ts';
import { until } from '../testing/until.ts';
import { showOrder } from './example.ts';
import { createWearableClient, followOrder, OrderStage, type WearableClient } from './index.ts';

const open = (test: TestApp): WearableClient =>
  createWearableClient({
    address: new URL(test.listener.url).host,
    accessToken: async () => (await test.bearer()).replace('Bearer ', ''),
    channelCredentials: credentials.createInsecure(),
  });

describe('the typed client', () => {
  let test: TestApp;
  let client: WearableClient;
  const shipments = () => test.services.shipments.port;
  const step = (shipmentId: string, status: 'preparing' | 'out_for_delivery' | 'delivered') =>
    shipments().advance({ shipmentId, status, place: 'here' }, asSupport());
  beforeEach(async () => {
    test = await startTestApp({ protocol: 'grpc' });
    client = open(test);
  });
  afterEach(async () => {
    client.close();
    await test.close();
  });

  it('reads glances and says clearly what failed', async () => {
    const { glances, nextPageToken } = await client.listOrderGlances({ pageSize: 5 });
    expect([glances.length, nextPageToken === '']).toEqual([5, false]);
    const { glance } = await client.getOrderGlance({ orderId: 'ord_0001' });
    expect(glance?.stage).toBe(OrderStage.ORDER_STAGE_ON_THE_WAY);
    await expect(client.getOrderGlance({ orderId: 'ord_9999' })).rejects.toMatchObject({
      name: 'WearableError',
      status: 'NOT_FOUND',
      reason: 'not_found',
    });
    await expect(client.getOrderGlance({})).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('gives a call up when it is told to', async () => {
    for (const service of Object.values(test.services)) service.hang();
    const leaving = new AbortController();
    const call = client.getOrderGlance({ orderId: 'ord_0001' }, { signal: leaving.signal });
    await until(() => test.pendingCalls() === 3);
    leaving.abort();
    await expect(call).rejects.toMatchObject({ status: 'CANCELLED' });
    await until(() => test.pendingCalls() === 0);
  });

  it('follows an order over the end of a stream, without repeating a glance', async () => {
    const seen: OrderStage[] = [];
    const leaving = new AbortController();
    let first: TestApp | undefined = await startTestApp({ protocol: 'grpc', beside: test });
    const [one, two] = [open(first), client];
    // As a client behind a load balancer: the next stream is opened at an instance that is there.
    const balanced: Pick<WearableClient, 'watchOrder'> = {
      watchOrder: (request, options) => (first ? one : two).watchOrder(request, options),
    };
    const reading = (async () => {
      for await (const { glance } of followOrder(balanced, 'ord_0001', {
        signal: leaving.signal,
        pauseMs: 10,
      })) {
        if (glance) seen.push(glance.stage);
      }
    })();
    await until(() => seen.length === 1);
    const stopping = first;
    first = undefined;
    stopping.drain();
    await step('shp_0001', 'out_for_delivery');
    await until(() => seen.length === 2);
    await step('shp_0001', 'delivered');
    await until(() => seen.length === 3);
    leaving.abort();
    await reading;
    one.close();
    await stopping.close();
    expect(seen).toEqual([
      OrderStage.ORDER_STAGE_ON_THE_WAY,
      OrderStage.ORDER_STAGE_OUT_FOR_DELIVERY,
      OrderStage.ORDER_STAGE_DELIVERED,
    ]);
  });

  it('serves the example', async () => {
    await step('shp_0001', 'preparing');
    const lines: string[] = [];
    await showOrder(
      client,
      'ord_0001',
      (line) => lines.push(line),
      () => lines.length === 1,
    );
    expect(lines[0]).toBe('ord_0001: preparing');
    expect(lines.at(-1)).toBe('ord_0001: cancelled');
  });
});
