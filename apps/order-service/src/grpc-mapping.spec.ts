import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys, createTestIssuer } from '@bff/auth/testing';
import { healthOperations, orderOperations, type HealthPort, type OrdersPort } from '@bff/contracts';
import type { Context } from '@bff/core';
import {
  callerContext,
  createGrpcFace,
  rejectionOf,
  startTestService,
  type TestService,
} from '@bff/service-kit/testing';
import { orderService } from './order-service.ts';

const keys = createTestInternalKeys();

describe('order service over gRPC', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(orderService, { keys });
  });
  afterAll(() => service.close());

  const callWith = async <R>(authorization: string | undefined, work: (port: OrdersPort) => Promise<R>) => {
    const { operations } = orderService;
    const face = createGrpcFace({
      operations,
      address: service.grpcAddress,
      authorization: async () => authorization,
    });
    try {
      return await work(face);
    } finally {
      face.close();
    }
  };

  it('refuses callers without an internal token for this service', async () => {
    const strangers = [
      undefined,
      'Bearer nonsense',
      `Bearer ${await keys.token('payment-service')}`,
      `Bearer ${await createTestInternalKeys().token('order-service')}`,
      `Bearer ${await createTestIssuer({ audience: 'order-service' }).token()}`,
    ];
    for (const stranger of strangers) {
      const scope = callerContext();
      const call = callWith(stranger, (port) => port.get({ orderId: 'ord_0001' }, scope.context));
      await expect(call).rejects.toMatchObject({ code: 'unauthenticated' });
      const stream = callWith(stranger, async (port) => {
        for await (const _ of port.watch({ sinceRevision: 0 }, scope.context)) return;
      });
      await expect(stream).rejects.toMatchObject({ code: 'unauthenticated' });
      scope.close();
    }
  });

  it('tells its health without a token', async () => {
    const { grpcAddress: address } = service;
    const health = createGrpcFace<HealthPort>({
      operations: healthOperations,
      address,
      authorization: async () => undefined,
    });
    const { context, close } = callerContext();
    await expect(health.check({ service: '' }, context)).resolves.toBe('serving');
    await expect(health.check({ service: 'commerce.order.v1.OrderService' }, context)).resolves.toBe(
      'serving',
    );
    close();
    health.close();
  });

  it.each([
    ['a message without its required field', orderOperations.create, Buffer.alloc(0)],
    // Field 5, varint: a status that this version does not know.
    ['an unknown status', orderOperations.list, Buffer.from([0x28, 0x63])],
    // Field 1 says that 127 bytes follow.
    ['a message that breaks off', orderOperations.get, Buffer.from([0x0a, 0x7f])],
  ])('refuses %s as an invalid argument', async (_, operation, bytes) => {
    const send = { ...operation, request: { ...operation.request, encode: () => bytes } };
    const authorization = `Bearer ${await keys.token('order-service')}`;
    const face = createGrpcFace<{ send(request: unknown, context: Context): Promise<unknown> }>({
      operations: { send },
      address: service.grpcAddress,
      authorization: async () => authorization,
    });
    const { context, close } = callerContext();
    await expect(face.send(undefined, context)).rejects.toMatchObject({ code: 'invalid_argument' });
    close();
    face.close();
  });

  it('ends watches when it stops, so that their clients resume elsewhere and nobody waits', async () => {
    const stopping = await startTestService(orderService, { keys });
    const { grpcAddress: address, authorization } = stopping;
    const face = createGrpcFace({ operations: orderService.operations, address, authorization });
    const { context, close } = callerContext({ timeoutMs: 60_000 });
    const changes = face.watch({ sinceRevision: 299 }, context)[Symbol.asyncIterator]();
    await expect(changes.next()).resolves.toMatchObject({ value: { revision: 300 } });
    const ended = rejectionOf(changes.next());
    const startedAt = performance.now();
    await stopping.close(30_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await ended).code).toBe('unavailable');
    close();
    face.close();
  });
});
