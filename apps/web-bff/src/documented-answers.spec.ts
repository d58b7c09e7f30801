import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { createDocumentedClient, type OpenapiDocument } from './testing/documented-client.ts';
import { openBff, openTestBff } from './testing/open-test-bff.ts';
import { startRealServices } from './testing/real-services.ts';
import { sampleCheckout } from './testing/sample-checkout.ts';

type Bff = Awaited<ReturnType<typeof openBff>>;

/** What is answered is the matter here, not when. */
const patience = { REQUEST_TIMEOUT_MS: '10000', SERVICE_TIMEOUT_MS: '10000' };

const document = JSON.parse(JSON.stringify(createWebBffDocument())) as OpenapiDocument;
const client = createDocumentedClient(document);

let services: Awaited<ReturnType<typeof startRealServices>>;
/** Before real services, before fakes, with no service there, with one second and services that hang. */
let real: Bff;
let fake: Awaited<ReturnType<typeof openTestBff>>;
let alone: Bff;
let hasty: Bff;
let keyed = 0;
const key = () => ({ 'idempotency-key': `key-${++keyed}` });

// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  const nowhere = 'http://127.0.0.1:1';
  const { environment } = services;
  [real, fake, alone, hasty] = await Promise.all([
    openBff({ ...environment, ...patience, EVENTS_LIFE_MS: '400' }),
    openTestBff(),
    openBff({
      ...environment,
      ORDER_SERVICE_URL: nowhere,
      PAYMENT_SERVICE_URL: nowhere,
      SHIPPING_SERVICE_URL: nowhere,
      CHECKOUT_STEP_TIMEOUT_MS: '200',
    }),
    openBff({ ...environment, REQUEST_TIMEOUT_MS: '400' }),
  ]);
}, 30_000);
afterAll(async () => {
  await Promise.all([real, fake, alone, hasty].map((bff) => bff.close()));
  await services.close();
});

const detail = '/v1/orders/ord_0001';
const events = `${detail}/events`;
const cancel = `${detail}:cancel`;

/** Each makes one answer: operation, status, and the request that brings it about. */
const table: [operation: string, status: number, request: () => Promise<Response>][] = [
  ['getOrder', 200, () => real.get(detail)],
  ['getOrder', 200, () => real.get(`${detail}?fields=orderId,lines.quantity,payment.status`)],
  ['getOrder', 304, () => fake.get(detail, { 'if-none-match': '*' })],
  ['getOrder', 400, () => fake.get(`${detail}?fields=colour`)],
  ['getOrder', 403, () => getWithoutScope(detail)],
  ['getOrder', 404, () => real.get('/v1/orders/ord_9999')],
  ['getOrder', 502, () => alone.get(detail)],
  ['listOrders', 200, () => real.get('/v1/orders?pageSize=50')],
  ['listOrders', 200, () => real.get('/v1/orders?fields=orderId,total.minorUnits')],
  ['listOrders', 304, () => fake.get('/v1/orders', { 'if-none-match': '*' })],
  ['listOrders', 400, () => real.get('/v1/orders?pageSize=-1')],
  ['listOrders', 400, () => real.get('/v1/orders?pageToken=forged')],
  ['listOrders', 403, () => getWithoutScope('/v1/orders')],
  ['listOrders', 502, () => alone.get('/v1/orders')],
  ['getMe', 200, () => fake.get('/v1/me')],
  ['getMe', 400, () => fake.get('/v1/me?x=1')],
  ['watchOrder', 200, () => real.get(events)],
  ['watchOrder', 400, () => real.get(events, { 'last-event-id': 'nonsense' })],
  ['watchOrder', 403, () => getWithoutScope(events)],
  ['watchOrder', 404, () => real.get('/v1/orders/ord_9999/events')],
  ['watchOrder', 501, () => fake.get(events)],
  ['watchOrder', 502, () => alone.get(events)],
  ['checkout', 201, () => real.post('/v1/checkouts', sampleCheckout, key())],
  ['checkout', 400, () => real.post('/v1/checkouts', sampleCheckout)],
  ['checkout', 400, () => real.post('/v1/checkouts', '{"lines":', key())],
  ['checkout', 403, () => postFromAnotherSite('/v1/checkouts')],
  [
    'checkout',
    409,
    () => real.post('/v1/checkouts', { ...sampleCheckout, methodToken: 'tok_declined' }, key()),
  ],
  ['checkout', 413, () => real.post('/v1/checkouts', `"${'x'.repeat(70_000)}"`, key())],
  ['checkout', 415, () => real.post('/v1/checkouts', 'lines=1', { ...key(), 'content-type': 'text/plain' })],
  ['checkout', 502, () => alone.post('/v1/checkouts', sampleCheckout, key())],
  ['cancelOrder', 400, () => real.post(`${cancel}?x=1`)],
  ['cancelOrder', 403, () => postFromAnotherSite(cancel)],
  ['cancelOrder', 404, () => real.post('/v1/orders/ord_9999:cancel')],
  ['cancelOrder', 502, () => alone.post(cancel)],
  // Its parcel is on its way.
  ['cancelOrder', 409, () => real.post(cancel)],
];

async function getWithoutScope(path: string): Promise<Response> {
  return real.get(path, { authorization: `Bearer ${await real.token({ scope: 'openid' })}` });
}

/** What a page of another site can make the browser of somebody do who is signed in. */
async function postFromAnotherSite(path: string): Promise<Response> {
  const headers = { cookie: '__Host-session=x; session=x', origin: 'https://evil.example' };
  return fetch(real.url + path, { method: 'POST', headers });
}

describe('a documented answer', () => {
  it.each(table)('of %s: %d', async (operation, status, request) => {
    expect((await client.check(operation, await request())).status).toBe(status);
  });

  it('of checkout: 422 for another cart under the same key, of cancelOrder: 200 for what was placed', async () => {
    const again = key();
    const placed = await client.check('checkout', await real.post('/v1/checkouts', sampleCheckout, again));
    const { orderId } = placed.body as { orderId: string };
    expect(placed.headers.get('location')).toBe(`/v1/orders/${orderId}`);
    const other = { ...sampleCheckout, methodToken: 'tok_sepa' };
    const reused = await client.check('checkout', await real.post('/v1/checkouts', other, again));
    expect(reused).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const cancelled = await client.check('cancelOrder', await real.post(`/v1/orders/${orderId}:cancel`));
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', shipment: { status: 'cancelled' } },
    });
  });

  it('of every operation: 401 without a credential', async () => {
    for (const { operationId, method, path } of operations()) {
      const response = await fetch(fake.url + path, { method });
      expect((await client.check(operationId, response)).status).toBe(401);
    }
  });

  it('of every operation: 429 over the limit', async () => {
    const strict = await openTestBff({ ...services.environment, RATE_LIMIT_PER_MINUTE: '1' });
    try {
      for (const [index, { operationId, method, path }] of operations().entries()) {
        const headers = { authorization: `Bearer ${await strict.token({ sub: `user-${index}` })}` };
        await (await fetch(`${strict.url}/v1/me`, { headers })).text();
        const response = await fetch(strict.url + path, { method, headers });
        expect((await client.check(operationId, response)).status).toBe(429);
      }
    } finally {
      await strict.close();
    }
  });

  it('of every operation: 503 without room', async () => {
    const full = await openTestBff({ ...patience, CONCURRENCY_MIN: '1' });
    const crowded = await openBff({ ...services.environment, EVENTS_MAX_STREAMS: '2' });
    const streams = [await crowded.get(events), await crowded.get(events)];
    try {
      full.orders.behaviour = 'hangs';
      const waiting = Array.from({ length: 20 }, () => full.post(cancel).catch(() => undefined));
      await full.orders.firstCall;
      for (const { operationId, method, path } of operations()) {
        const watches = operationId === 'watchOrder';
        const response = watches ? await crowded.get(path) : await fetchAs(full, path, method);
        expect((await client.check(operationId, response)).status).toBe(503);
      }
      await full.orders.stop();
      await Promise.all(waiting);
    } finally {
      for (const { body } of streams) await body?.cancel();
      await Promise.all([full.close(), crowded.close()]);
    }
  });

  it('of every operation that asks the services: 504 when they take too long', async () => {
    await services.setFaults('order-service', { hang: true });
    try {
      await Promise.all(
        operations()
          .filter(({ operationId }) => operationId !== 'getMe' && operationId !== 'watchOrder')
          .map(async ({ operationId, method, path }) => {
            const body = operationId === 'checkout' ? sampleCheckout : undefined;
            const response = method === 'POST' ? await hasty.post(path, body, key()) : await hasty.get(path);
            expect((await client.check(operationId, response)).status).toBe(504);
          }),
      );
    } finally {
      await services.setFaults('order-service', {});
    }
  });

  it('is produced here, each and every one', () => {
    expect(client.missing()).toEqual([]);
  });
});

async function fetchAs(bff: Bff, path: string, method: string): Promise<Response> {
  return fetch(bff.url + path, { method, headers: { authorization: `Bearer ${await bff.token()}` } });
}

/** Every operation of the document, for the README's order. */
function operations() {
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      method: method.toUpperCase(),
      path: template.replace('{orderId}', 'ord_0001'),
    })),
  );
}
