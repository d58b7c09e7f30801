import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys, createTestIssuer } from '@bff/auth/testing';
import { startTestService, type TestService } from '@bff/service-kit/testing';
import { orderService } from './order-service.ts';

const keys = createTestInternalKeys();

describe('order service over HTTP', () => {
  let service: TestService;
  let authorization: string;
  beforeAll(async () => {
    service = await startTestService(orderService, { keys });
    authorization = `Bearer ${await keys.token('order-service')}`;
  });
  afterAll(() => service.close());

  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, ...(init.headers as Record<string, string>) };
    const response = await fetch(`${service.httpUrl}${path}`, { ...init, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  };
  const post = (
    path: string,
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => send(path, { method: 'POST', body, headers });

  it('answers with the canonical JSON of the contract', async () => {
    const { status, headers, body } = await send('/v1/orders/ord_0001');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      order: {
        orderId: 'ord_0001',
        status: 'ORDER_STATUS_CONFIRMED',
        createTime: '2026-01-05T09:12:30.000Z',
      },
    });
  });

  it('reads filters from the query', async () => {
    const query = 'orderIds=ord_0001,ord_0002,ord_0003&status=ORDER_STATUS_CONFIRMED&pageSize=1';
    const { body } = await send(`/v1/orders?${query}`);
    expect(body).toMatchObject({ orders: [{ orderId: 'ord_0002' }], nextPageToken: expect.any(String) });
  });

  it('creates with 201 and changes state with 200, with or without a body', async () => {
    const order = {
      lines: [{ sku: 'MUG', name: 'Mug', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: '1100' } }],
      shippingAddress: {
        recipient: 'A',
        street: 'Dam 1',
        postalCode: '1012',
        city: 'Amsterdam',
        country: 'NL',
      },
    };
    const { status, body } = await post('/v1/orders', JSON.stringify(order));
    expect(status).toBe(201);
    const { orderId, total } = (body as { order: { orderId: string; total: unknown } }).order;
    expect(total).toEqual({ currency: 'EUR', minorUnits: '2200' });
    const confirmed = await send(`/v1/orders/${orderId}:confirm`, { method: 'POST' });
    expect(confirmed).toMatchObject({ status: 200, body: { order: { status: 'ORDER_STATUS_CONFIRMED' } } });
    const cancelled = await post(`/v1/orders/${orderId}:cancel`, '{"orderId":"ord_0001"}');
    expect(cancelled).toMatchObject({
      status: 200,
      body: { order: { orderId, status: 'ORDER_STATUS_CANCELLED' } },
    });
  });

  it.each([
    ['/v1/orders?pagesize=3', 'pagesize'],
    ['/v1/orders?pageSize=1&pageSize=2', 'pageSize'],
    ['/v1/orders?pageSize=ten', 'pageSize'],
    ['/v1/orders?pageSize=1.5', 'pageSize'],
    ['/v1/orders?orderIds=', 'orderIds'],
    ['/v1/orders?__proto__=1', '__proto__'],
    ['/v1/orders/ord_0001?fields=status', 'fields'],
  ])('refuses %s and names the parameter', async (path, field) => {
    const { status, headers, body } = await send(path);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid_argument', errors: [{ field }] });
  });

  it('refuses an unknown status', async () => {
    await expect(send('/v1/orders?status=CONFIRMED')).resolves.toMatchObject({ status: 400 });
  });

  it.each([
    ['malformed JSON', '{"lines":', 400],
    ['an array', '[]', 400],
    ['a field of the wrong type', '{"shippingAddress":{},"lines":[{"unitPrice":{"minorUnits":1.5}}]}', 400],
    ['a missing field', '{}', 400],
    ['a body of 200 KB', JSON.stringify({ name: 'x'.repeat(200_000) }), 413],
  ])('refuses %s', async (_, body, status) => {
    await expect(post('/v1/orders', body)).resolves.toMatchObject({ status });
  });

  it('refuses a body that is not JSON', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await expect(post('/v1/orders', 'lines=1', form)).resolves.toMatchObject({ status: 415 });
  });

  it.each([
    ['GET', '/v1/order/ord_0001'],
    ['POST', '/v1/orders/ord_0001:explode'],
    ['DELETE', '/v1/orders/ord_0001'],
    ['GET', '/V1/orders'],
  ])('does not find %s %s', async (method, path) => {
    await expect(send(path, { method })).resolves.toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('refuses callers without an internal token for this service', async () => {
    const issuer = createTestIssuer({ audience: 'order-service' });
    const strangers = [
      undefined,
      'Bearer nonsense',
      'Basic YWxpY2U6YWxpY2U=',
      `Bearer ${await keys.token('payment-service')}`,
      `Bearer ${await createTestInternalKeys().token('order-service')}`,
      `Bearer ${await issuer.token()}`,
    ];
    for (const stranger of strangers) {
      const headers: Record<string, string> = stranger === undefined ? {} : { authorization: stranger };
      const response = await fetch(`${service.httpUrl}/v1/orders/ord_0001`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('does not believe a header that names a user', async () => {
    const headers = { 'x-user-id': 'bob', 'x-forwarded-user': 'bob' };
    await expect(send('/v1/orders/ord_0011', { headers })).resolves.toMatchObject({ status: 404 });
  });
});
