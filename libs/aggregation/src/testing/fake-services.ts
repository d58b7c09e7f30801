import type { ListQuery, Order, Page, Payment, Shipment } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import type { OrderOverviewPorts } from '../order-overview/order-parts.ts';

const address = {
  recipient: 'Alice',
  street: 'Hauptstr. 1',
  postalCode: '10115',
  city: 'Berlin',
  country: 'DE',
};
const start = Date.parse('2026-01-01T00:00:00Z');

export function orderOf(orderId: string, customerId = 'alice'): Order {
  const time = new Date(start);
  const total = { currency: 'EUR', minorUnits: 1_250 };
  return {
    orderId,
    customerId,
    status: 'confirmed',
    lines: [{ sku: 'sku-1', name: 'Tea', quantity: 1, unitPrice: total }],
    total,
    shippingAddress: address,
    createTime: time,
    updateTime: time,
    revision: 1,
  };
}

export function paymentOf(orderId: string, status: Payment['status'], minute = 1): Payment {
  const time = new Date(start + minute * 60_000);
  return {
    paymentId: `pay_${orderId}_${minute}`,
    orderId,
    customerId: 'alice',
    status,
    amount: { currency: 'EUR', minorUnits: 1_250 },
    method: { brand: 'visa', lastFour: '4242' },
    events: [],
    createTime: time,
    updateTime: time,
    revision: minute,
  };
}

export function shipmentOf(orderId: string): Shipment {
  const time = new Date(start + 120_000);
  return {
    shipmentId: `shp_${orderId}`,
    orderId,
    customerId: 'alice',
    status: 'in_transit',
    carrier: 'DHL',
    trackingNumber: 'T1',
    address,
    estimatedDeliveryTime: time,
    events: [],
    createTime: time,
    updateTime: time,
    revision: 1,
  };
}

export interface FakeServices {
  readonly ports: OrderOverviewPorts;
  /** Every call, `payments.list`, with its query. */
  readonly calls: { name: string; query: unknown; context: Context }[];
}

export interface FakeData {
  orders?: readonly Order[];
  payments?: readonly Payment[];
  shipments?: readonly Shipment[];
  /** Resources per page of the bulk reads. */
  pageSize?: number;
  /** Stands in for one call: throws, hangs or answers late. */
  fault?: (name: string, context: Context) => Promise<void>;
}

/** The three services in memory, behaving as their ports promise: newest first, paged, one user's orders only. */
export function createFakeServices(data: FakeData): FakeServices {
  const { orders = [], payments = [], shipments = [], pageSize = 100, fault } = data;
  const calls: FakeServices['calls'] = [];
  const enter = async (name: string, query: unknown, context: Context) => {
    calls.push({ name, query, context });
    await fault?.(name, context);
  };
  const bulk = <T extends Payment | Shipment>(name: string, all: readonly T[]) => ({
    async list(query: ListQuery<never>, context: Context): Promise<Page<T>> {
      await enter(name, query, context);
      const found = all
        .filter(({ orderId }) => query.orderIds?.includes(orderId))
        .sort((a, b) => b.createTime.getTime() - a.createTime.getTime());
      return paged(found, query, pageSize);
    },
  });
  return {
    calls,
    ports: {
      orders: {
        async get(request, context) {
          await enter('orders.get', request, context);
          const order = orders.find(({ orderId }) => orderId === request.orderId);
          if (order?.customerId !== context.principal?.subject || !order) {
            throw new AppError('not_found', `There is no order ${request.orderId}.`);
          }
          return order;
        },
        async list(query, context) {
          await enter('orders.list', query, context);
          return paged(
            orders.filter(
              ({ customerId, orderId }) =>
                (query.customerId === undefined || customerId === query.customerId) &&
                (query.orderIds === undefined || query.orderIds.includes(orderId)),
            ),
            query,
            query.pageSize ?? 20,
          );
        },
      },
      payments: bulk('payments.list', payments),
      shipments: bulk('shipments.list', shipments),
    },
  };
}

function paged<T>(all: readonly T[], query: { pageToken?: string | undefined }, pageSize: number): Page<T> {
  const from = Number(query.pageToken ?? 0);
  const to = from + pageSize;
  return { items: all.slice(from, to), nextPageToken: to < all.length ? String(to) : undefined };
}
