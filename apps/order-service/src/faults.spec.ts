import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrdersPort } from '@bff/contracts';
import {
  callerContext,
  createGrpcFace,
  createHttpFace,
  startTestService,
  type TestService,
} from '@bff/service-kit/testing';
import { orderService } from './order-service.ts';

describe('faults on demand', () => {
  let service: TestService;
  let faces: Record<'http' | 'grpc', OrdersPort>;
  let closeFaces: () => void;
  beforeAll(async () => {
    service = await startTestService(orderService);
    const { operations } = orderService;
    const { authorization, httpUrl: baseUrl, grpcAddress: address } = service;
    const grpc = createGrpcFace({ operations, address, authorization });
    faces = { http: createHttpFace({ operations, baseUrl, authorization }), grpc };
    closeFaces = grpc.close;
  });
  afterEach(() => {
    service.setFaults({});
  });
  afterAll(async () => {
    closeFaces();
    await service.close();
  });
  const get = async (protocol: 'http' | 'grpc', timeoutMs = 2_000) => {
    const scope = callerContext({ timeoutMs });
    try {
      return await faces[protocol].get({ orderId: 'ord_0001' }, scope.context);
    } finally {
      scope.close();
    }
  };

  describe.each(['http', 'grpc'] as const)('over %s', (protocol) => {
    it('delay', async () => {
      service.setFaults({ latencyMs: 150 });
      const startedAt = performance.now();
      await get(protocol);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(149);
    });

    it('fail', async () => {
      service.setFaults({ errorRate: 1 });
      await expect(get(protocol)).rejects.toMatchObject({ code: 'internal' });
      service.setFaults({ errorRate: 1, errorCode: 'resource_exhausted' });
      await expect(get(protocol)).rejects.toMatchObject({ code: 'resource_exhausted' });
    });

    it('hang until healed', async () => {
      service.setFaults({ hang: true });
      let settled = false;
      const call = get(protocol).finally(() => (settled = true));
      const gaveUp = get(protocol, 200).catch((error: unknown) => error);
      await expect(gaveUp).resolves.toBeInstanceOf(Error);
      expect(settled).toBe(false);
      service.setFaults({});
      await expect(call).resolves.toMatchObject({ orderId: 'ord_0001' });
    });

    it('reset the connection, and serve again when healed', async () => {
      service.setFaults({ reset: true });
      const cause = await get(protocol).catch((error: unknown) => error);
      expect(JSON.stringify([cause, (cause as Error).cause, String(cause)])).toMatch(
        /ECONNRESET|UND_ERR_SOCKET|fetch failed/,
      );
      service.setFaults({});
      await expect(get(protocol)).resolves.toMatchObject({ orderId: 'ord_0001' });
    });
  });
});
