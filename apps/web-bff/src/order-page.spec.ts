import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order, Payment, Shipment } from '@bff/contracts';
import { orderOperations, paymentOperations, shipmentOperations } from '@bff/contracts';
import { createTestInternalKeys } from '@bff/auth/testing';
import { startFakeService, type FakeService } from './testing/fake-service.ts';
import { openBff } from './testing/open-test-bff.ts';
import { sampleOrder, samplePayment, sampleShipment } from './testing/sample-order.ts';

const idOf = (index: number) => `ord_${String(index).padStart(4, '0')}`;
const fifty = Array.from({ length: 50 }, (_, index) => idOf(index));

let orders: FakeService;
let payments: FakeService;
let shipments: FakeService;
let bff: Awaited<ReturnType<typeof openBff>>;

beforeAll(async () => {
  const keys = createTestInternalKeys();
  const pageOf = <T>(items: readonly T[]) => ({ items, nextPageToken: undefined });
  const asked = (query: URLSearchParams) => query.get('orderIds')?.split(',') ?? [];
  orders = await startFakeService<Order, { items: readonly Order[]; nextPageToken: undefined }>(
    'order-service',
    keys,
    {
      list: {
        operation: orderOperations.list,
        answer: () => pageOf(fifty.map((orderId) => ({ ...sampleOrder, orderId }))),
      },
    },
  );
  payments = await startFakeService<Payment, { items: readonly Payment[]; nextPageToken: undefined }>(
    'payment-service',
    keys,
    {
      list: {
        operation: paymentOperations.list,
        answer: (query) => pageOf(asked(query).map((orderId) => ({ ...samplePayment, orderId }))),
      },
    },
  );
  shipments = await startFakeService<Shipment, { items: readonly Shipment[]; nextPageToken: undefined }>(
    'shipping-service',
    keys,
    {
      list: {
        operation: shipmentOperations.list,
        answer: (query) => pageOf(asked(query).map((orderId) => ({ ...sampleShipment, orderId }))),
      },
    },
  );
  bff = await openBff({
    INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
    ORDER_SERVICE_URL: orders.url,
    PAYMENT_SERVICE_URL: payments.url,
    SHIPPING_SERVICE_URL: shipments.url,
  });
});
afterAll(async () => {
  await bff.close();
  await Promise.all([orders, payments, shipments].map((service) => service.stop()));
});

describe('a page of 50 orders', () => {
  it.each([
    ['everything', '', [1, 1, 1]],
    ['no payment', '&fields=orderId,total,shipment', [1, 0, 1]],
    ['no shipment', '&fields=orderId,payment.status', [1, 1, 0]],
    ['the orders alone', '&fields=orderId,status', [1, 0, 0]],
  ])(
    'with %s costs exactly the calls that it needs, counted at the services',
    async (_name, fields, calls) => {
      const services = [orders, payments, shipments];
      for (const service of services) service.calls.length = 0;
      const response = await bff.get(`/v1/orders?pageSize=50${fields}`);
      const body = (await response.json()) as { orders: { orderId: string; payment?: unknown }[] };
      expect(response.headers.get('x-completed')).toBe('true');
      expect(body.orders.map(({ orderId }) => orderId)).toEqual(fifty);
      expect(services.map((service) => service.calls.length)).toEqual(calls);
      process.stdout.write(`A3, 50 orders, ${_name}: ${calls.reduce((sum, count) => sum + count)} calls\n`);
    },
  );
});
