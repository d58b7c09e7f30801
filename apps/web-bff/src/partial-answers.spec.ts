import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import type { Behaviour } from './testing/fake-service.ts';
import { insideNames } from './testing/inside-names.ts';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeEach(async () => {
  bff = await openTestBff({
    PART_TIMEOUT_MS: '5000',
    SERVICE_TIMEOUT_MS: '5000',
    REQUEST_TIMEOUT_MS: '9000',
  });
});
afterEach(() => bff.close());

const detail = '/v1/orders/ord_0001';
interface Body {
  payment: unknown;
  shipment: unknown;
  meta: { sources: unknown[] };
}

async function read(response: Response) {
  const text = await response.text();
  expect(text).not.toMatch(insideNames);
  return {
    status: response.status,
    completed: response.headers.get('x-completed'),
    cache: response.headers.get('cache-control'),
    body: JSON.parse(text) as Body & { code?: string },
  };
}

const failures: [Behaviour | 'stopped', string, string, number][] = [
  ['stopped', 'unavailable', 'upstream_failed', 502],
  ['fails', 'unavailable', 'upstream_failed', 502],
  ['resets', 'unavailable', 'upstream_failed', 502],
  ['breaks', 'unavailable', 'upstream_failed', 502],
  ['hangs', 'timeout', 'deadline_exceeded', 504],
];

describe.each(failures)('a service that %s', (behaviour, status, code, httpStatus) => {
  // Only what hangs has to meet a short limit; what fails must not be cut off by one on a busy machine.
  const deadlineMs = behaviour === 'hangs' ? 1000 : 9000;
  beforeEach(async () => {
    if (behaviour !== 'hangs') return;
    await bff.close();
    bff = await openTestBff({
      PART_TIMEOUT_MS: '200',
      SERVICE_TIMEOUT_MS: '900',
      REQUEST_TIMEOUT_MS: '1000',
    });
  });

  const misbehave = async (service: TestBff['orders']) => {
    if (behaviour === 'stopped') await service.stop();
    else service.behaviour = behaviour;
  };

  it('leaves out the payment, says so, and keeps the rest', async () => {
    await misbehave(bff.payments);
    const answer = await read(await bff.get(detail));
    expect(answer).toMatchObject({ status: 200, completed: 'false', cache: 'no-store' });
    expect(answer.body).toMatchObject({
      orderId: 'ord_0001',
      payment: null,
      shipment: { shipmentId: 'shp_0001' },
      meta: { sources: [{ source: 'payment', status, code }] },
    });
  });

  it('leaves out payment and shipment of a list', async () => {
    await Promise.all([misbehave(bff.payments), misbehave(bff.shipments)]);
    const answer = await read(await bff.get('/v1/orders'));
    expect(answer).toMatchObject({ status: 200, completed: 'false', cache: 'no-store' });
    expect(answer.body).toMatchObject({
      orders: [
        { orderId: 'ord_0001', payment: null, shipment: null },
        { orderId: 'ord_0002', payment: null, shipment: null },
      ],
      meta: {
        sources: [
          { source: 'payment', status, code },
          { source: 'shipment', status, code },
        ],
      },
    });
  });

  it('is complete without a payment that nobody asked for', async () => {
    await misbehave(bff.payments);
    const answer = await read(await bff.get(`${detail}?fields=orderId,shipment.status`));
    expect(answer).toMatchObject({ status: 200, completed: 'true', cache: 'private, no-cache' });
  });

  it(`gives ${httpStatus} within the deadline when it is the order service`, async () => {
    await misbehave(bff.orders);
    const started = performance.now();
    const answers = await Promise.all([bff.get(detail), bff.get('/v1/orders')]);
    expect(performance.now() - started).toBeLessThan(deadlineMs + 10);
    for (const answer of await Promise.all(answers.map(read))) {
      expect(answer).toMatchObject({ status: httpStatus, completed: null, cache: 'no-store' });
      expect(answer.body.code).toBe(code);
    }
  });
});

describe('an order without payment and shipment', () => {
  it('is complete: null is the truth', async () => {
    const second = ((await (await bff.get('/v1/orders')).json()) as { orders: Body[] }).orders[1];
    expect(second).toMatchObject({ orderId: 'ord_0002', payment: null, shipment: null });
  });
});

describe('a client that leaves', () => {
  it('takes every call to a service with it', async () => {
    const services = [bff.orders, bff.payments, bff.shipments];
    for (const service of services) service.behaviour = 'hangs';
    const client = new AbortController();
    const authorization = `Bearer ${await bff.token()}`;
    const answer = fetch(bff.url + detail, { headers: { authorization }, signal: client.signal });
    await Promise.all(services.map(({ firstCall }) => firstCall));
    const leftAt = performance.now();
    client.abort();
    await expect(answer).rejects.toThrow('abort');
    await Promise.all(services.map(({ calls }) => calls[0]!.ended));
    const goneMs = performance.now() - leftAt;
    process.stdout.write(`A5: nothing runs downstream ${goneMs.toFixed(1)} ms after the client left\n`);
    expect(goneMs).toBeLessThan(50);
  });
});

describe('a service that refuses the internal token', () => {
  it('is a failed source and not the client’s fault', async () => {
    await bff.close();
    const stranger = createTestInternalKeys().privateJwk;
    bff = await openTestBff({ INTERNAL_SIGNING_KEY: JSON.stringify(stranger) });
    expect(await read(await bff.get(detail))).toMatchObject({
      status: 502,
      body: { code: 'upstream_failed' },
    });
  });
});

describe('metrics', () => {
  it('count sources and attempts', async () => {
    bff.payments.behaviour = 'fails';
    // A compressed answer is through before the server knows it.
    await bff.get(detail, { 'accept-encoding': 'identity' });
    const text = await bff.kit.metrics.expose();
    expect(text).toMatch(/aggregation_sources_total\{source="payment",status="unavailable".*\} 1/);
    expect(text).toMatch(
      /upstream_attempt_duration_seconds_count\{.*upstream="payment-service".*outcome="internal".*\} 1/,
    );
    expect(text).toContain('route="/v1/orders/:orderId",method="GET",status="200"');
  });
});
