import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeEach(async () => {
  bff = await openTestBff();
});
afterEach(() => bff.close());

const faultsOf = async (path: string) => {
  const response = await bff.get(path);
  const { errors } = (await response.json()) as { errors?: { field: string; message: string }[] };
  return [response.status, errors?.map(({ field, message }) => `${field} ${message}`)];
};

describe('GET /v1/orders', () => {
  it('gives summaries with payment and shipment from three calls', async () => {
    const response = await bff.get('/v1/orders');
    expect(await response.json()).toEqual({
      orders: [
        {
          orderId: 'ord_0001',
          status: 'confirmed',
          createTime: '2026-01-05T09:12:30Z',
          itemCount: 6,
          total: { currency: 'EUR', minorUnits: 23575 },
          payment: { status: 'captured' },
          shipment: { status: 'in_transit', estimatedDeliveryTime: '2026-01-06T21:12:30Z' },
        },
        expect.objectContaining({ orderId: 'ord_0002', status: 'pending', payment: null, shipment: null }),
      ],
      nextPageToken: 'page-2',
      meta: { sources: [] },
    });
    expect(response.headers.get('x-completed')).toBe('true');
    const { orders, payments, shipments } = bff;
    expect([orders, payments, shipments].map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    expect(payments.calls[0]!.query.get('orderIds')).toBe('ord_0001,ord_0002');
    expect(orders.calls[0]!.query.get('customerId')).toBe('alice');
  });

  it('hands paging and filter to the order service, with the maximum for more than the maximum', async () => {
    const last = await bff.get('/v1/orders?pageSize=1000&pageToken=page-2&status=pending');
    expect(await last.json()).toMatchObject({ orders: [{ orderId: 'ord_0002' }], nextPageToken: null });
    const query = Object.fromEntries(bff.orders.calls[0]!.query);
    expect(query).toMatchObject({ pageSize: '100', pageToken: 'page-2' });
    expect(query['status']).toMatch(/pending/i);
    await bff.get('/v1/orders?pageSize=0');
    expect(bff.orders.calls[1]!.query.get('pageSize')).not.toBe('0');
  });

  it('chooses fields of the summaries', async () => {
    const response = await bff.get('/v1/orders?fields=orderId,total.minorUnits');
    expect(await response.json()).toMatchObject({
      orders: [{ orderId: 'ord_0001', total: { minorUnits: 23575 } }, { orderId: 'ord_0002' }],
    });
    expect([bff.payments.calls.length, bff.shipments.calls.length]).toEqual([0, 0]);
  });

  it.each([
    ['pageSize=-1', 'pageSize must be a whole number, not negative'],
    ['pageSize=ten', 'pageSize must be a whole number, not negative'],
    ['pageSize=1.5', 'pageSize must be a whole number, not negative'],
    ['pageSize=', 'pageSize must be a whole number, not negative'],
    ['pageSize=1&pageSize=2', 'pageSize must be given once'],
    ['pageToken=', 'pageToken must not be empty; leave it out for the first page'],
    ['status=lost', 'status must be one of pending, confirmed, cancelled'],
    ['customerId=bob', 'customerId is not a parameter here; there are pageSize, pageToken, status, fields'],
    ['__proto__=x', '__proto__ is not a parameter here; there are pageSize, pageToken, status, fields'],
  ])('refuses %s and says why', async (query, fault) => {
    expect(await faultsOf(`/v1/orders?${query}`)).toEqual([400, [fault]]);
    expect(bff.orders.calls).toEqual([]);
  });

  it('names all faults of a query at once', async () => {
    const [status, faults] = await faultsOf('/v1/orders?pageSize=-1&status=lost&fields=colour&x=1');
    expect(status).toBe(400);
    expect(faults).toEqual([
      expect.stringMatching(/^pageSize /),
      expect.stringMatching(/^status /),
      expect.stringMatching(/^fields has no field "colour"/),
      expect.stringMatching(/^x is not a parameter/),
    ]);
  });

  it('passes on that a page token is not valid', async () => {
    const response = await bff.get('/v1/orders?pageToken=forged');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: 'The page token is not valid.' });
  });
});
