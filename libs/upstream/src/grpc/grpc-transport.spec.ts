import { getEventListeners } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import type { Change, Order } from '@bff/contracts';
import { createPaymentsPort } from '../service-ports.ts';
import { startGrpcStandIn, type GrpcBehaviour } from '../testing/grpc-stand-in.ts';
import { failureOf, openRequest, openUpstream, order, type SeenRequest } from '../testing/stand-in.ts';
import { failureBehind } from '../upstream-failure.ts';
import { cleanUpAfterEach } from '../testing/clean-up-after-each.ts';

const cleanUps = cleanUpAfterEach();

async function connect(behaviour: GrpcBehaviour) {
  const service = await startGrpcStandIn(behaviour);
  const opened = openUpstream(service.url);
  const scope = openRequest(5_000);
  cleanUps.push(
    () => service.close(),
    () => opened.upstream.close(),
    () => scope.close(),
  );
  return { ...opened, scope, context: scope.context, service };
}

const changes = [1, 2, 3].map((revision): Change<Order> => ({ revision, value: { ...order, revision } }));

/** Writes the changes, then waits for its reader to leave. */
async function* watchForever(seen: SeenRequest): AsyncGenerator<Change<Order>> {
  yield* changes;
  await seen.cancelled;
}

describe('the gRPC transport', () => {
  it.each([
    ['bytes that are no message', Buffer.from([0xff, 0xff, 0xff])],
    ['a message of something else', Buffer.from([0x52, 0x01, 0x41])],
    ['no bytes', Buffer.alloc(0)],
  ])('takes %s for a broken service', async (_what, answerBytes) => {
    const { orders, context, attempts } = await connect({ respond: async () => order, answerBytes });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: 'The service is not available; try again later.',
    });
    expect(attempts[0]?.outcome).toMatchObject({ failure: 'server_error' });
  });

  it('refuses an answer of 10 MB', async () => {
    const answerBytes = Buffer.alloc(10_000_000);
    const { orders, context } = await connect({ respond: async () => order, answerBytes });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure.code).toBe('unavailable');
    expect(failureBehind(failure)?.kind).toBe('server_error');
  });

  it('is deadline_exceeded when something accepts connections and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { upstream, orders } = openUpstream(`grpc://127.0.0.1:${port}`, { timeoutMs: 150 });
    const scope = openRequest();
    cleanUps.push(
      () => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      },
      () => upstream.close(),
      () => scope.close(),
    );
    const startedAt = performance.now();
    expect(await failureOf(orders.get({ orderId: 'o' }, scope.context))).toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(performance.now() - startedAt).toBeLessThan(250);
  });

  it('does not show the words of a bare status', async () => {
    const { upstream, context } = await connect({ respond: async () => order });
    // The stand-in serves orders only, so grpc-js itself answers for payments, in words of its own.
    const failure = await failureOf(createPaymentsPort(upstream).get({ paymentId: 'p' }, context));
    expect(failure).toMatchObject({ code: 'unimplemented', message: 'The service does not offer this.' });
  });
});

describe('a watch over gRPC', () => {
  it('gives changes as they come and ends with the stream', async () => {
    const seen: SeenRequest[] = [];
    const { orders, context, attempts, upstream } = await connect({
      watch: async function* (request) {
        seen.push(request);
        yield* changes;
      },
    });
    const read = [];
    for await (const change of orders.watch({ sinceRevision: 0, orderIds: ['ord_0001'] }, context)) {
      read.push(change);
      expect(upstream.endpoints()[0]?.pending).toBe(1);
    }
    expect(read).toEqual(changes);
    expect(seen[0]).toMatchObject({
      request: { sinceRevision: 0, orderIds: ['ord_0001'] },
      headers: { authorization: 'Bearer token-of-alice-for-order-service', 'x-request-id': 'request-1' },
    });
    expect(upstream.endpoints()[0]?.pending).toBe(0);
    expect(attempts[0]).toMatchObject({ code: 'ok', outcome: { kind: 'success', latencyMs: undefined } });
    expect(getEventListeners(context.signal, 'abort')).toHaveLength(0);
  });

  it('ends the stream at the service when its reader stops reading', async () => {
    const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
    const { orders, context, attempts, upstream } = await connect({
      watch: async function* (seen) {
        yield* watchForever(seen);
        leave(undefined);
      },
    });
    for await (const change of orders.watch({ sinceRevision: 0 }, context)) {
      if (change.revision === 2) break;
    }
    await left;
    expect(upstream.endpoints()[0]?.pending).toBe(0);
    expect(attempts[0]?.outcome.kind).toBe('cancelled');
  });

  it('ends within 20 ms when the caller leaves while it waits', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<SeenRequest>();
    const { orders, context, scope } = await connect({
      watch: (seen) => {
        arrive(seen);
        return watchForever(seen);
      },
    });
    const iterator = orders.watch({ sinceRevision: 0 }, context)[Symbol.asyncIterator]();
    for (const change of changes) expect((await iterator.next()).value).toEqual(change);
    const next = failureOf(iterator.next());
    const gone = new AppError('cancelled', 'The client left.');
    const { cancelled } = await arrived;
    const startedAt = performance.now();
    scope.cancel(gone);
    expect(await next).toBe(gone);
    await cancelled;
    expect(performance.now() - startedAt).toBeLessThan(20);
  });

  it('is unavailable when its connection breaks', async () => {
    const { orders, context, service, attempts } = await connect({ watch: watchForever });
    const iterator = orders.watch({ sinceRevision: 0 }, context)[Symbol.asyncIterator]();
    await iterator.next();
    service.resetConnections();
    const rest = failureOf(
      (async () => {
        while (!(await iterator.next()).done);
      })(),
    );
    expect(failureBehind(await rest)?.kind).toBe('reset');
    expect(attempts[0]?.outcome).toMatchObject({ kind: 'failure', failure: 'reset' });
  });

  it('is opened at another instance when the first fails before its first change, and never after it', async () => {
    let broken = 0;
    const fails = async function* (): AsyncGenerator<Change<Order>> {
      broken++;
      throw new AppError('internal', 'Broken.');
    };
    const bad = await startGrpcStandIn({ watch: fails });
    const good = await startGrpcStandIn({
      watch: async function* (seen) {
        if (seen.headers['x-request-retried'] !== undefined) yield* changes;
        throw new AppError('internal', 'Broken as well, but later.');
      },
    });
    // Of equal instances the first.
    const { orders, attempts, upstream } = openUpstream(`${bad.url},${good.url}`, {
      policy: { picker: 'round_robin' },
      random: () => 0,
    });
    const scope = openRequest(5_000);
    cleanUps.push(
      ...[bad, good].map((service) => () => service.close()),
      () => upstream.close(),
      () => scope.close(),
    );
    const read: number[] = [];
    const reading = (async () => {
      for await (const { revision } of orders.watch({ sinceRevision: 0 }, scope.context)) read.push(revision);
    })();
    expect((await failureOf(reading)).code).toBe('internal');
    expect(read).toEqual([1, 2, 3]);
    expect(broken).toBe(1);
    expect(attempts.map(({ role, code }) => [role, code])).toEqual([
      ['first', 'internal'],
      ['retry', 'internal'],
    ]);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('keeps the service’s own error', async () => {
    const { orders, context } = await connect({
      watch: async function* () {
        throw new AppError('failed_precondition', 'The revision is too old.');
      },
    });
    const reading = orders.watch({ sinceRevision: 1 }, context)[Symbol.asyncIterator]().next();
    expect(await failureOf(reading)).toMatchObject({
      code: 'failed_precondition',
      message: 'The revision is too old.',
    });
  });
});
