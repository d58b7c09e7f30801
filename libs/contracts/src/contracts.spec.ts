import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes } from '@bff/core';
import {
  decodeStatusDetails,
  encodeStatusDetails,
  errorCodeOfGrpcStatus,
  errorCodeOfHttpStatus,
  grpcStatusOf,
  httpStatusOf,
  orderOperations,
  paymentOperations,
  shipmentOperations,
  type Order,
} from './index.ts';

const order: Order = {
  orderId: 'ord_0001',
  customerId: 'alice',
  status: 'confirmed',
  lines: [{ sku: 'MUG-01', name: 'Mug', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 1250 } }],
  total: { currency: 'EUR', minorUnits: 2500 },
  shippingAddress: {
    recipient: 'Alice',
    street: 'Hauptstr. 1',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  },
  createTime: new Date('2026-01-02T03:04:05.678Z'),
  updateTime: new Date('2026-01-02T03:04:05.678Z'),
  revision: 7,
};

describe('operation codecs', () => {
  const { response } = orderOperations.get;

  it('carry a domain value over bytes and over JSON unchanged', () => {
    expect(response.decode(response.encode(order))).toEqual(order);
    expect(response.fromJson(JSON.parse(JSON.stringify(response.toJson(order))))).toEqual(order);
  });

  it('refuse JSON that is not the message', () => {
    for (const json of [null, [], 'x', 3, { order: { status: 'ORDER_STATUS_LOST' } }, {}]) {
      expect(() => response.fromJson(json)).toThrow(AppError);
    }
  });

  it('name the gRPC path and tell «not given» from a value in list filters', () => {
    expect(orderOperations.list.rpcPath).toBe('/commerce.order.v1.OrderService/ListOrders');
    const { request } = orderOperations.list;
    expect(request.decode(request.encode({}))).toEqual({
      pageSize: undefined,
      pageToken: undefined,
      orderIds: undefined,
      customerId: undefined,
      status: undefined,
    });
    const filters = {
      pageSize: 5,
      pageToken: 't',
      orderIds: ['a', 'b'],
      customerId: 'alice',
      status: 'pending' as const,
    };
    expect(request.decode(request.encode(filters))).toEqual(filters);
  });

  it('give every unary operation exactly one place in HTTP', () => {
    const places = [orderOperations, paymentOperations, shipmentOperations]
      .flatMap((operations) => Object.values(operations))
      .filter((operation) => operation.kind === 'unary')
      .map(({ http }) => `${http?.method ?? '-'} ${http?.path ?? '-'}`);
    expect(new Set(places).size).toBe(places.length);
    expect(places).not.toContain('- -');
  });
});

describe('error mapping', () => {
  it.each(errorCodes)('carries %s over gRPC exactly, with faults and retry delay', (code) => {
    const faults = [{ field: 'lines[0].quantity', message: 'must be positive' }];
    const error = new AppError(code, 'Said to the client.', {
      faults,
      retryAfterMs: 1500,
      cause: new Error('secret'),
    });
    const bytes = encodeStatusDetails(error);
    expect(decodeStatusDetails(bytes)).toEqual({ code, faults, retryAfterMs: 1500 });
    expect(bytes.toString('latin1')).not.toContain('secret');
  });

  it('reads a bare status back as the code that a client can act on', () => {
    expect(errorCodeOfHttpStatus(httpStatusOf('not_found'))).toBe('not_found');
    expect(errorCodeOfGrpcStatus(grpcStatusOf('deadline_exceeded'))).toBe('deadline_exceeded');
    expect([418, 599].map(errorCodeOfHttpStatus)).toEqual(['invalid_argument', 'internal']);
    expect(errorCodeOfGrpcStatus(2)).toBe('internal');
  });
});
