import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes, type ErrorCode } from '@bff/core';
import type { FailureKind } from '@bff/load-balancing';
import {
  failureOf,
  openRequest,
  openUpstream,
  order,
  type Respond,
  type SeenRequest,
} from './testing/stand-in.ts';
import { failureBehind } from './upstream-failure.ts';
import type { UpstreamOptions } from './upstream.ts';
import { cleanUpAfterEach } from './testing/clean-up-after-each.ts';
import { protocols } from './testing/protocols.ts';

const cleanUps = cleanUpAfterEach();

describe.each(protocols)('a port over %s', (_name, start) => {
  async function connect(
    respond: Respond,
    overrides: Partial<UpstreamOptions> & { deadlineMs?: number } = {},
  ) {
    const { deadlineMs, ...options } = overrides;
    const seen: SeenRequest[] = [];
    const service = await start((request) => {
      seen.push(request);
      return respond(request);
    });
    const opened = openUpstream(service.url, options);
    const scope = openRequest(deadlineMs);
    cleanUps.push(
      () => service.close(),
      () => opened.upstream.close(),
      () => scope.close(),
    );
    return { ...opened, scope, context: scope.context, seen, service };
  }

  it('gives the answer as the service meant it, and a request as the caller meant it', async () => {
    const { orders, context, seen } = await connect(async ({ operation }) =>
      operation === 'ListOrders' ? { items: [order], nextPageToken: 'next' } : order,
    );
    expect(await orders.get({ orderId: 'ord/1 ä' }, context)).toEqual(order);
    const query = { orderIds: ['a', 'b'], pageSize: 50, status: 'confirmed' as const };
    expect(await orders.list(query, context)).toEqual({ items: [order], nextPageToken: 'next' });
    const { lines, shippingAddress } = order;
    expect(await orders.create({ lines, shippingAddress }, context)).toEqual(order);
    expect(await orders.cancel({ orderId: 'ord_2' }, context)).toEqual(order);
    expect(seen.map(({ operation, request }) => [operation, request])).toMatchObject([
      ['GetOrder', { orderId: 'ord/1 ä' }],
      ['ListOrders', query],
      ['CreateOrder', { lines, shippingAddress }],
      ['CancelOrder', { orderId: 'ord_2' }],
    ]);
  });

  it('carries identity, request id, trace and idempotency key', async () => {
    const { orders, context, seen } = await connect(async () => order);
    await orders.get({ orderId: 'ord_1' }, context);
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer token-of-alice-for-order-service',
      'x-request-id': 'request-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'idempotency-key': 'key-1',
    });
  });

  it('carries neither token nor key when there is none', async () => {
    const { orders, context, seen } = await connect(async () => order);
    await orders.get({ orderId: 'o' }, { ...context, principal: undefined, idempotencyKey: undefined });
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
    expect(seen[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('gives the service strictly less time than it has, be it the caller or the upstream that limits', async () => {
    const { orders, context, seen } = await connect(async () => order, { timeoutMs: 300, deadlineMs: 900 });
    await orders.get({ orderId: 'o' }, context);
    const hurried = openRequest(150);
    cleanUps.push(() => hurried.close());
    const left = hurried.context.deadline.remainingMs();
    await orders.get({ orderId: 'o' }, hurried.context);
    expect(seen[0]?.timeoutMs).toBeLessThan(300);
    expect(seen[0]?.timeoutMs).toBeGreaterThan(200);
    expect(seen[1]?.timeoutMs).toBeLessThan(left);
    expect(seen[1]?.timeoutMs).toBeGreaterThan(50);
  });

  it('takes unavailable without a delay for a fault of the instance', async () => {
    const { orders, context } = await connect(() => Promise.reject(new AppError('unavailable', 'No store.')));
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failureBehind(failure)?.kind).toBe('server_error');
  });

  const blame: Partial<Record<ErrorCode, FailureKind>> = {
    internal: 'server_error',
    // With the delay that it asks for: it is well, and sheds load.
    unavailable: 'overloaded',
    upstream_failed: 'server_error',
    deadline_exceeded: 'timeout',
    resource_exhausted: 'overloaded',
  };
  it.each(errorCodes.filter((code) => code !== 'cancelled'))(
    'keeps code, message, faults and delay of the service’s own %s',
    async (code) => {
      const faults = [{ field: 'lines[0].quantity', message: 'must be positive' }];
      const error = new AppError(code, 'In the service’s own words.', { faults, retryAfterMs: 2_000 });
      const { orders, context, attempts } = await connect(() => Promise.reject(error));
      const failure = await failureOf(orders.get({ orderId: 'o' }, context));
      expect(failure).toMatchObject({ code, message: error.message, faults, retryAfterMs: 2_000 });
      expect(failureBehind(failure)?.kind).toBe(blame[code]);
      expect(attempts).toHaveLength(1);
      expect(attempts[0]).toMatchObject({ upstream: 'orders', operation: 'GetOrder', code });
      expect(attempts[0]?.outcome.kind).toBe(blame[code] === undefined ? 'success' : 'failure');
    },
  );

  it('takes a cancellation that nobody asked for as unavailable', async () => {
    const { orders, context } = await connect(() => Promise.reject(new AppError('cancelled', 'Not me.')));
    expect(await failureOf(orders.get({ orderId: 'o' }, context))).toMatchObject({ code: 'unavailable' });
  });

  it('is unavailable when the connection breaks before the answer', async () => {
    const { orders, context, attempts, service } = await connect(({ socket }) => {
      socket.resetAndDestroy();
      return new Promise(() => {});
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure.code).toBe('unavailable');
    expect(failureBehind(failure)?.kind).toBe('reset');
    expect(failure.message).not.toContain(new URL(service.url).port);
    expect(failure.message).not.toContain('127.0.0.1');
    expect(attempts[0]?.outcome).toMatchObject({ kind: 'failure', failure: 'reset' });
  });

  it('is unavailable at once when nobody listens', async () => {
    const { orders, context, attempts, service, upstream } = await connect(async () => order);
    await service.close();
    for (let attempt = 0; attempt < 3; attempt++) {
      const startedAt = performance.now();
      const failure = await failureOf(orders.get({ orderId: 'o' }, context));
      expect(performance.now() - startedAt).toBeLessThan(500);
      expect(failure.code).toBe('unavailable');
      expect(failure.message).not.toMatch(/127\.0\.0\.1|ECONN|connect/);
    }
    expect(attempts.map(({ outcome }) => outcome)).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'failure', failure: 'refused' })),
    );
    expect(upstream.endpoints()).toMatchObject([{ state: 'available', pending: 0 }]);
  });

  it('is deadline_exceeded in time when the service hangs, and ends the exchange', async () => {
    const { orders, context, attempts, seen } = await connect(() => new Promise(() => {}), {
      timeoutMs: 120,
    });
    // The first call opens the connection; the second shows the time alone.
    for (let attempt = 0; attempt < 2; attempt++) {
      const startedAt = performance.now();
      const failure = await failureOf(orders.get({ orderId: 'o' }, context));
      const elapsed = performance.now() - startedAt;
      expect(failure.code).toBe('deadline_exceeded');
      expect(failure.message).toBe('The deadline passed before the answer was complete.');
      expect(elapsed).toBeGreaterThan(100);
      expect(elapsed).toBeLessThan(300);
    }
    expect(attempts[1]?.outcome).toMatchObject({ kind: 'failure', failure: 'timeout' });
    await Promise.all(seen.map(({ cancelled }) => cancelled));
  });

  it('starts no attempt after the deadline', async () => {
    const { orders, attempts, seen } = await connect(async () => order);
    const late = openRequest(0);
    cleanUps.push(() => late.close());
    expect(await failureOf(orders.get({ orderId: 'o' }, late.context))).toMatchObject({
      code: 'deadline_exceeded',
    });
    expect([attempts, seen]).toEqual([[], []]);
  });

  it('cancels the exchange within 20 ms when the caller leaves', async () => {
    const arrivals: ((seen: SeenRequest) => void)[] = [];
    const { orders, attempts } = await connect((request) => {
      arrivals.shift()?.(request);
      return new Promise(() => {});
    });
    const delays: number[] = [];
    for (let round = 0; round < 5; round++) {
      const scope = openRequest();
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<SeenRequest>();
      arrivals.push(arrive);
      const call = failureOf(orders.get({ orderId: 'o' }, scope.context));
      const { cancelled } = await arrived;
      const gone = new AppError('cancelled', 'The client left.');
      const startedAt = performance.now();
      scope.cancel(gone);
      expect(await call).toBe(gone);
      await cancelled;
      delays.push(performance.now() - startedAt);
    }
    // The median: this process may be held up once, by others on the machine.
    expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(20);
    expect(attempts.map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 5 }, () => 'cancelled'));
  });

  it('leaves no lease and no listener behind and takes the instances in turn', async () => {
    const first = await connect(async () => order);
    const second = await connect(async () => order);
    const { orders, upstream } = openUpstream(`${first.service.url},${second.service.url}`, {
      policy: { picker: 'round_robin', retry: { maxRetries: 0 } },
    });
    cleanUps.push(() => upstream.close());
    const calls = Array.from({ length: 20 }, () => orders.get({ orderId: 'o' }, first.context));
    await Promise.all(calls);
    expect([first.seen.length, second.seen.length]).toEqual([10, 10]);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
    expect(getEventListeners(first.context.signal, 'abort')).toEqual([]);
  });

  it('finds a service again that was not there', async () => {
    const { orders, context, service } = await connect(async () => order);
    await orders.get({ orderId: 'o' }, context);
    await service.close();
    expect(await failureOf(orders.get({ orderId: 'o' }, context))).toMatchObject({ code: 'unavailable' });
    const restarted = await start(async () => order, Number(new URL(service.url).port));
    cleanUps.push(() => restarted.close());
    const startedAt = performance.now();
    let answer: unknown;
    while (answer === undefined && performance.now() - startedAt < 3_000) {
      answer = await orders.get({ orderId: 'o' }, context).catch(() => undefined);
    }
    expect(answer).toEqual(order);
    expect(performance.now() - startedAt).toBeLessThan(1_300);
  });

  it('refuses a token that is not minted in time', async () => {
    const { orders, context, seen } = await connect(async () => order, {
      internalToken: () => new Promise(() => {}),
      deadlineMs: 60,
    });
    expect(await failureOf(orders.get({ orderId: 'o' }, context))).toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(seen).toEqual([]);
  });

  it('is unavailable after the close', async () => {
    const { orders, context, upstream } = await connect(async () => order);
    await orders.get({ orderId: 'o' }, context);
    await upstream.close();
    await upstream.close();
    expect(await failureOf(orders.get({ orderId: 'o' }, context))).toMatchObject({ code: 'unavailable' });
  });
});
