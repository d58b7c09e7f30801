import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeEach(async () => {
  bff = await openTestBff();
});
afterEach(() => bff.close());

const detail = '/v1/orders/ord_0001';

describe('GET /v1/orders/{orderId}', () => {
  it('composes order, payment and shipment in one answer of at most 1400 bytes', async () => {
    const response = await bff.get(detail, { 'x-request-id': 'req-1' });
    const body = await response.text();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1400);
    expect(JSON.parse(body)).toEqual({
      orderId: 'ord_0001',
      status: 'confirmed',
      createTime: '2026-01-05T09:12:30Z',
      lines: [
        expect.objectContaining({ quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 8950 } }),
        expect.objectContaining({ quantity: 1 }),
        expect.objectContaining({ quantity: 3 }),
      ],
      total: { currency: 'EUR', minorUnits: 23575 },
      shippingAddress: expect.objectContaining({ city: 'Amsterdam', country: 'NL' }),
      payment: {
        paymentId: 'pay_0001',
        status: 'captured',
        method: { brand: 'visa', lastFour: '4242' },
        amount: { currency: 'EUR', minorUnits: 23575 },
      },
      shipment: {
        shipmentId: 'shp_0001',
        status: 'in_transit',
        carrier: 'Northwind Express',
        trackingNumber: 'NO109949405063',
        estimatedDeliveryTime: '2026-01-06T21:12:30Z',
        events: [
          expect.objectContaining({ status: 'preparing' }),
          expect.objectContaining({ status: 'in_transit' }),
          {
            status: 'in_transit',
            time: '2026-01-06T06:12:30Z',
            place: 'Amsterdam regional sorting centre',
          },
        ],
      },
      meta: { sources: [] },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-completed': 'true',
      'cache-control': 'private, no-cache',
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'req-1',
      'x-content-type-options': 'nosniff',
      vary: 'Authorization, Cookie, Accept-Encoding',
    });
    expect(response.headers.has('x-powered-by')).toBe(false);
  });

  it('makes one call to each service, with the request id and an internal token in place of the client’s', async () => {
    const authorization = `Bearer ${await bff.token()}`;
    await bff.get(detail, { authorization, 'x-request-id': 'req-2' });
    const calls = [bff.orders, bff.payments, bff.shipments].flatMap((service) => service.calls);
    expect(calls.map(({ path }) => path)).toEqual(['/v1/orders/ord_0001', '/v1/payments', '/v1/shipments']);
    expect(bff.payments.calls[0]!.query.get('orderIds')).toBe('ord_0001');
    for (const { headers } of calls) {
      expect(headers['x-request-id']).toBe('req-2');
      expect(headers.authorization).not.toBe(authorization);
    }
  });

  it('answers with the chosen fields alone, and asks no service that is not needed for them', async () => {
    const status = await bff.get(`${detail}?fields=orderId,payment.status`);
    expect(await status.json()).toEqual({
      orderId: 'ord_0001',
      payment: { status: 'captured' },
      meta: { sources: [] },
    });
    expect([bff.payments.calls.length, bff.shipments.calls.length]).toEqual([1, 0]);
    const lines = await bff.get(`${detail}?fields=lines.quantity,total`);
    expect(await lines.json()).toEqual({
      lines: [{ quantity: 2 }, { quantity: 1 }, { quantity: 3 }],
      total: { currency: 'EUR', minorUnits: 23575 },
      meta: { sources: [] },
    });
    expect(lines.headers.get('x-completed')).toBe('true');
    expect([bff.payments.calls.length, bff.shipments.calls.length]).toEqual([1, 0]);
  });

  it('names every fault of the query and the fields there are', async () => {
    const response = await bff.get(`${detail}?fields=payment.colour,,total&nonsense=1`);
    expect(response.status).toBe(400);
    const { code, errors } = (await response.json()) as { code: string; errors: { message: string }[] };
    expect(code).toBe('invalid_argument');
    expect(errors).toEqual([
      {
        field: 'fields',
        message: expect.stringMatching(
          /has no field "payment.colour"; allowed are orderId, .*payment\.status/,
        ),
      },
      { field: 'fields', message: expect.stringContaining('has no field an empty name') },
      { field: 'nonsense', message: 'is not a parameter here; there are fields' },
    ]);
    const twice = await bff.get(`${detail}?fields=total&fields=status`);
    expect(await twice.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'fields', message: 'must be given once' }],
    });
    expect(bff.orders.calls).toEqual([]);
  });

  it('answers 404 for an order that is not there, not the user’s, or cannot be called so', async () => {
    const bob = { authorization: `Bearer ${await bff.token({ sub: 'bob' })}` };
    const sam = { authorization: `Bearer ${await bff.token({ sub: 'sam', roles: ['support'] })}` };
    const missing = await bff.get('/v1/orders/ord_9999');
    expect([missing.status, missing.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await (await bff.get(detail, bob)).json()).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: 'There is no such order.',
    });
    expect((await bff.get(detail, sam)).status).toBe(200);
    const calls = bff.orders.calls.length;
    for (const id of ['ord_0001,ord_0002', '%2e%2e', 'x'.repeat(200)]) {
      expect((await bff.get(`/v1/orders/${id}`)).status).toBe(404);
    }
    // What another server might decode into another path is refused before it is looked up.
    for (const id of ['..%2Fpayments', 'ord_0001%00']) {
      expect((await bff.get(`/v1/orders/${id}`)).status).toBe(400);
    }
    expect(bff.orders.calls.length).toBe(calls);
  });

  it('names the methods there are to a client that uses another', async () => {
    const authorization = `Bearer ${await bff.token()}`;
    const response = await fetch(bff.url + detail, { method: 'DELETE', headers: { authorization } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(bff.url + detail, { method: 'HEAD', headers: { authorization } })).status).toBe(200);
  });
});
