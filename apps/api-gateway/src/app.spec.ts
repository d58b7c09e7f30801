import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configurationTable, readConfiguration } from '@bff/server-kit';
import { configuration } from './config.ts';
import { answerJson } from './testing/fake-service.ts';
import { openTestGateway, type TestGateway } from './testing/open-test-gateway.ts';
import { exchangeRaw } from './testing/raw-client.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await openTestGateway();
});
afterEach(() => gateway.close());

const services = () => [gateway.orders, gateway.payments, gateway.shipments];

describe('routes', () => {
  it.each([
    ['/v1/orders', 'orders', 'order-service'],
    ['/v1/orders/ord_0001?x=1', 'orders', 'order-service'],
    ['/v1/payments/pay_0001', 'payments', 'payment-service'],
    ['/v1/shipments', 'shipments', 'shipping-service'],
  ] as const)('forward %s to %s with an internal token for %s', async (path, name, audience) => {
    const authorization = `Bearer ${await gateway.token({ sub: 'sam', roles: ['support'] })}`;
    const response = await gateway.send(path, { headers: { authorization } });
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    expect(services().map(({ seen }) => seen.length)).toEqual(
      ['orders', 'payments', 'shipments'].map((one) => (one === name ? 1 : 0)),
    );
    const [seen] = gateway[name].seen;
    expect(seen!.url).toBe(path);
    expect(await gateway.principalFor(audience, seen!.headers.authorization)).toMatchObject({
      subject: 'sam',
      roles: ['support'],
    });
    await expect(gateway.principalFor('another-service', seen!.headers.authorization)).rejects.toThrow();
  });

  it.each([
    '/',
    '/v1',
    '/V1/orders',
    '/v1/Orders',
    '/v1/orders-x',
    '/v1/%6Frders',
    '/v1/orders:x',
    '/livez',
    '/metrics',
  ])('do not match %s', async (path) => {
    const response = await gateway.send(path);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not_found']);
    expect(services().flatMap(({ seen }) => seen)).toEqual([]);
  });

  it('are independent: with one service stopped the others work', async () => {
    await gateway.payments.stop();
    const statuses = await Promise.all(
      ['/v1/orders', '/v1/payments', '/v1/shipments'].map(async (path) => (await gateway.send(path)).status),
    );
    expect(statuses).toEqual([200, 502, 200]);
  });

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    'refuse %s, naming what is allowed',
    async (method) => {
      const response = await gateway.send('/v1/orders', { method, body: 'GET /v1/orders HTTP/1.1\r\n\r\n' });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
      expect(gateway.orders.seen).toEqual([]);
    },
  );

  it('pass a POST on with its body and idempotency key, and the answer with its status', async () => {
    gateway.orders.answer = answerJson(201, { orderId: 'ord_1' });
    const response = await gateway.send('/v1/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'key-1' },
      body: '{"lines": [] }',
    });
    expect([response.status, await response.json()]).toEqual([201, { orderId: 'ord_1' }]);
    expect(gateway.orders.seen).toMatchObject([
      {
        method: 'POST',
        body: '{"lines": [] }',
        headers: { 'idempotency-key': 'key-1', 'content-type': 'application/json' },
      },
    ]);
  });

  it('pass another user’s 404 on, for it is the service that decides', async () => {
    gateway.orders.answer = answerJson(404, { code: 'not_found', detail: 'There is no such order.' });
    const response = await gateway.send('/v1/orders/ord_0001');
    expect([response.status, await response.json()]).toEqual([
      404,
      { code: 'not_found', detail: 'There is no such order.' },
    ]);
  });
});

describe('request targets that could be read in two ways', () => {
  it.each([
    '/v1/orders/../payments',
    '/v1/orders/..',
    '/v1/./orders',
    '/v1/orders/..%2fpayments',
    '/v1/orders/%2e%2e/payments',
    '/v1/orders/%2E',
    '/v1/orders/%252e%252e/x',
    '/v1/orders/a%2Fb',
    '/v1/orders/a%5cb',
    '/v1/orders/a\\..\\b',
    '/v1/orders/a%00',
    '/v1/orders/a%0d%0aX-User-Id:%20bob',
    '/v1/orders/%zz',
    '/v1/orders/a%',
    '/v1/orders?x=%zz',
    '//v1/orders',
    '/v1//orders',
    '//evil.example/v1/orders',
    'http://evil.example/v1/orders',
    '/v1/orders#fragment',
    '/v1/orders/a|b',
    '*',
  ])('are refused: %s', async (target) => {
    const token = await gateway.token();
    const answer = await exchangeRaw(
      gateway.url,
      `GET ${target} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(services().flatMap(({ seen }) => seen)).toEqual([]);
    expect((await gateway.send('/v1/orders')).status).toBe(200);
  });
});

describe('authentication', () => {
  it.each([
    ['missing', undefined],
    ['expired', () => gateway.token({ expiresIn: -120 })],
    ['for another audience', () => gateway.token({ audience: 'urn:bff:web-bff' })],
    ['of another issuer', () => gateway.token({ issuer: 'http://elsewhere.test' })],
  ])('answers 401 when the token is %s, and no service hears of it', async (_name, makeToken) => {
    const headers: Record<string, string> = makeToken ? { authorization: `Bearer ${await makeToken()}` } : {};
    const response = await fetch(`${gateway.url}/v1/orders/ord_0001`, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer /),
    ]);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    expect(gateway.orders.seen).toEqual([]);
  });

  it('refuses two credentials, of which each side might read another', async () => {
    const header = `Authorization: Bearer ${await gateway.token()}\r\n`;
    const answer = await exchangeRaw(
      gateway.url,
      `GET /v1/orders HTTP/1.1\r\nHost: x\r\n${header}${header}Connection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('rate limit', () => {
  it('refuses what is over the user’s share, and another user is served', async () => {
    await gateway.close();
    gateway = await openTestGateway({ RATE_LIMIT_PER_MINUTE: '2' });
    expect((await gateway.send('/v1/orders')).headers.get('ratelimit')).toMatch(/^"user";r=1;/);
    await gateway.send('/v1/payments');
    const over = await gateway.send('/v1/orders');
    expect([over.status, ((await over.json()) as { code: string }).code]).toEqual([
      429,
      'resource_exhausted',
    ]);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(gateway.orders.seen).toHaveLength(1);
    const authorization = `Bearer ${await gateway.token({ sub: 'bob' })}`;
    expect((await gateway.send('/v1/orders', { headers: { authorization } })).status).toBe(200);
  });
});

describe('configuration', () => {
  const read = (url: string) => () =>
    readConfiguration(configuration, { INTERNAL_SIGNING_KEY: '{}', ORDER_SERVICE_URL: url });

  it('refuses services that do not speak HTTP, and says what to give', () => {
    expect(read('grpc://127.0.0.1:9201')).toThrow(
      'ORDER_SERVICE_URL: the gateway forwards HTTP and cannot use grpc://; give http://host:port, is "grpc://127.0.0.1:9201".',
    );
    expect(read('nonsense')).toThrow(/ORDER_SERVICE_URL: "nonsense" is not a URL/);
  });

  it('is listed in the README, every variable of it', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = /<!-- configuration -->\n\n([\s\S]*?)\n\n<!-- \/configuration -->/.exec(readme)?.[1] ?? '';
    const rows = (text: string) =>
      text.split('\n').map((row) => row.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-'));
    expect(rows(table)).toEqual(rows(configurationTable(configuration)));
  });

  it('shows the instances of every service', () => {
    const upstreams = Object.fromEntries(
      ['order-service', 'payment-service', 'shipping-service'].map((name, index) => [
        name,
        [expect.objectContaining({ url: services()[index]!.url, state: 'available', pending: 0 })],
      ]),
    );
    expect(gateway.info()).toMatchObject({ upstreams });
  });
});
