import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  OrderStage,
  type ListOrderGlancesRequest,
  type OrderGlance,
} from '../generated/wearable/v1/wearable_service.ts';
import { insideNames } from '../testing/inside-names.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { wearableOperations } from './wearable-operations.ts';

const { listOrderGlances } = wearableOperations;
const environment = { PART_TIMEOUT_MS: '1000', SERVICE_TIMEOUT_MS: '2000', REQUEST_TIMEOUT_MS: '5000' };

describe.each(['http', 'grpc'] as const)('ListOrderGlances with services over %s', (protocol) => {
  let test: TestApp;
  let authorization: string;
  const list = async (request: Partial<ListOrderGlancesRequest> = {}) =>
    test.client.call(
      listOrderGlances,
      { pageSize: 0, pageToken: '', view: 0, ...request },
      { authorization },
    );
  const refused = (request: Partial<ListOrderGlancesRequest>) =>
    test.client.fail(
      listOrderGlances,
      { pageSize: 0, pageToken: '', view: 0, ...request },
      { authorization },
    );

  beforeAll(async () => {
    test = await startTestApp({ protocol, environment });
    authorization = await test.bearer();
  });
  afterEach(() => {
    for (const service of Object.values(test.services)) service.heal();
  });
  afterAll(() => test.close());

  it('gives 20 orders of the caller’s own, newest first, unless told otherwise', async () => {
    const { response } = await list();
    expect(response.glances).toHaveLength(20);
    expect(response.unreachable).toEqual([]);
    expect(response.nextPageToken).not.toBe('');
    const ids = response.glances.map(({ orderId }) => orderId);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it('coerces a page size over 100', async () => {
    expect((await list({ pageSize: 2_000_000_000 })).response.glances).toHaveLength(100);
  });

  it('gives every order once, page by page, and an empty token at the end', async () => {
    const all: OrderGlance[] = [];
    let pageToken = '';
    do {
      const { response } = await list({ pageSize: 90, pageToken });
      all.push(...response.glances);
      pageToken = response.nextPageToken;
    } while (pageToken !== '');
    expect(new Set(all.map(({ orderId }) => orderId)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(180);
    const stages = new Set(all.map(({ stage }) => stage));
    expect(stages).not.toContain(OrderStage.ORDER_STAGE_UNSPECIFIED);
    expect(stages.size).toBeGreaterThanOrEqual(8);
  });

  it('costs three calls for a page of 50 and at most 40 bytes an order', async () => {
    const before = await test.countCalls();
    const { response, bytes } = await list({ pageSize: 50 });
    expect((await test.countCalls()) - before).toBe(3);
    expect(response.glances).toHaveLength(50);
    expect(bytes / 50).toBeLessThanOrEqual(40);
  });

  it('shows the same glance as GetOrderGlance', async () => {
    const { response } = await list({ pageSize: 1 });
    const [glance] = response.glances;
    const { getOrderGlance } = wearableOperations;
    const single = await test.client.call(
      getOrderGlance,
      { orderId: glance!.orderId, view: 0 },
      { authorization },
    );
    expect(single.response.glance).toEqual(glance);
  });

  it('names the collections that could not be reached', async () => {
    test.services.payments.hang();
    expect((await list({ pageSize: 5 })).response.unreachable).toEqual(['payments']);
    test.services.shipments.hang();
    const { response } = await list({ pageSize: 5 });
    expect(response.unreachable).toEqual(['payments', 'shipments']);
    expect(response.glances).toHaveLength(5);
  });

  it('is empty, and complete, for a customer without orders', async () => {
    const carol = await test.bearer({ sub: 'carol' });
    const answer = await test.client.call(
      listOrderGlances,
      { pageSize: 0, pageToken: '', view: 0 },
      { authorization: carol },
    );
    expect(answer.response).toEqual({ glances: [], nextPageToken: '', unreachable: [] });
    expect(answer.bytes).toBe(0);
  });

  it('refuses a negative page size and a token that is none, naming the field', async () => {
    const size = await refused({ pageSize: -1 });
    expect(size.status).toBe('INVALID_ARGUMENT');
    expect(size.details?.faults.map(({ field }) => field)).toEqual(['page_size']);
    const token = await refused({ pageToken: 'not a token' });
    expect(token.status).toBe('INVALID_ARGUMENT');
    expect(token.details?.faults.map(({ field }) => field)).toEqual(['page_token']);
  });

  it('fails with DEADLINE_EXCEEDED or UNAVAILABLE when the orders hang or are stopped', async () => {
    test.services.orders.hang();
    expect((await refused({})).status).toBe('DEADLINE_EXCEEDED');
    await test.services.orders.stop();
    const failure = await refused({});
    expect(failure).toMatchObject({ status: 'UNAVAILABLE', details: { code: 'upstream_failed' } });
    expect(failure.said).not.toMatch(insideNames);
  });
});
