import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import {
  failureOf,
  openRequest,
  openUpstream,
  order,
  type Respond,
  type SeenRequest,
} from './testing/stand-in.ts';
import { unavailable } from './upstream-failure.ts';
import { cleanUpAfterEach } from './testing/clean-up-after-each.ts';
import { protocols } from './testing/protocols.ts';

const cleanUps = cleanUpAfterEach();

/** Turns the event loop until something is so; a test that waits in vain runs into its time limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each(protocols)('two instances over %s', (_name, start) => {
  async function connect(
    first: Respond,
    second: Respond,
    overrides: Parameters<typeof openUpstream>[1] = {},
  ) {
    const services = await Promise.all([start(first), start(second)]);
    const opened = openUpstream(services.map(({ url }) => url).join(','), { policy: {}, ...overrides });
    const scope = openRequest(3_000);
    cleanUps.push(
      ...services.map((service) => () => service.close()),
      () => scope.close(),
      () => opened.upstream.close(),
    );
    return { ...opened, scope, context: scope.context, services };
  }
  const answers: Respond = async () => order;

  it('lose no call when one of them dies', async () => {
    // In turn: by latency, a first call that was slow would leave the dead one alone.
    const policy = { picker: 'round_robin' } as const;
    const { orders, context, services, attempts, upstream } = await connect(answers, answers, { policy });
    await orders.get({ orderId: 'o' }, context);
    await services[0].close();
    // All at once: half of them meet the dead one, five times as many as the budget can pay for.
    const calls = Array.from({ length: 200 }, () => orders.get({ orderId: 'o' }, context));
    expect(await Promise.all(calls)).toHaveLength(200);
    expect(attempts.filter(({ code }) => code === 'unavailable').length).toBeGreaterThan(50);
    await orders.get({ orderId: 'o' }, context);
    const dead = new URL(services[0].url).host;
    expect(attempts.at(-1)?.endpoint.id).not.toBe(dead);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('lose no read when one of them dies with a hundred in flight', async () => {
    let arrived = 0;
    const { promise: release, resolve } = Promise.withResolvers<undefined>();
    const slow: Respond = async () => {
      arrived++;
      await release;
      return order;
    };
    const { orders, context, services, attempts } = await connect(slow, slow, { maxConnections: 256 });
    const calls = Array.from({ length: 200 }, () => orders.get({ orderId: 'o' }, context));
    await until(() => arrived === 200);
    await services[0].close();
    resolve(undefined);
    expect(await Promise.all(calls)).toHaveLength(200);
    expect(attempts.filter(({ code }) => code === 'unavailable').length).toBeGreaterThan(50);
  });

  it('take one out that drains, by its health check alone, and back when it is well', async () => {
    const { services, upstream, events } = await connect(answers, answers, {
      healthChecks: true,
      policy: { healthCheck: { intervalMs: 50, doubtIntervalMs: 20 } },
    });
    const states = () => upstream.endpoints().map(({ state }) => state);
    services[1].drain();
    await until(() => states()[1] === 'ejected');
    expect(states()).toEqual(['available', 'ejected']);
    await services[1].close();
    const back = await start(answers, Number(new URL(services[1].url).port));
    cleanUps.push(() => back.close());
    await until(() => states()[1] === 'available');
    expect(events).toMatchObject([
      { kind: 'added' },
      { kind: 'added' },
      { reason: 'unhealthy' },
      { by: 'health_check' },
    ]);
  });

  it('end all attempts of a call within 20 ms when the caller leaves', async () => {
    const seen: SeenRequest[] = [];
    const hangs: Respond = (request) => {
      seen.push(request);
      return new Promise(() => {});
    };
    const { orders } = await connect(hangs, hangs, { hedging: { operations: ['GetOrder'], maxDelayMs: 5 } });
    const delays: number[] = [];
    for (let round = 0; round < 5; round++) {
      seen.length = 0;
      const scope = openRequest();
      const call = failureOf(orders.get({ orderId: 'o' }, scope.context));
      await until(() => seen.length === 2);
      const startedAt = performance.now();
      scope.cancel(new AppError('cancelled', 'The client left.'));
      expect((await call).code).toBe('cancelled');
      await Promise.all(seen.map(({ cancelled }) => cancelled));
      delays.push(performance.now() - startedAt);
    }
    // The median: this process may be held up once, by others on the machine.
    expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(20);
  });

  it('cost at most 1.2 attempts per call over two tiers when both are broken', async () => {
    let attempts = 0;
    const broken: Respond = () => {
      attempts++;
      return Promise.reject(unavailable('server_error', 'Broken.'));
    };
    const below = await connect(broken, broken);
    /** A tier of ours: it answers for what is behind it, and hands the mark on. */
    const tier: Respond = async ({ headers }) => {
      const scope = openRequest(3_000);
      try {
        const retried = headers['x-request-retried'] !== undefined;
        return await below.orders.get({ orderId: 'o' }, { ...scope.context, retried });
      } catch (cause) {
        throw new AppError('upstream_failed', 'The order source is unavailable.', { cause });
      } finally {
        scope.close();
      }
    };
    const above = await connect(tier, tier);
    const offered = 400;
    const scope = openRequest(60_000);
    cleanUps.push(() => scope.close());
    for (let call = 0; call < offered; call++) {
      await failureOf(above.orders.get({ orderId: 'o' }, scope.context));
    }
    expect(attempts / offered).toBeGreaterThan(1.05);
    expect(attempts / offered).toBeLessThanOrEqual(1.2);
  }, 30_000);
});

describe('an idle connection that is closed just as it is used', () => {
  it('fails no read: it is sent again over another', async () => {
    const sockets = new Set<Socket>();
    let answered = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      let requests = 0;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        // Keep-alive is offered, and then not kept.
        if (++requests > 1) {
          socket.destroy();
          return;
        }
        answered++;
        const body = JSON.stringify({});
        socket.write(
          `HTTP/1.1 404 Not Found\r\nconnection: keep-alive\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { upstream, orders, events } = openUpstream(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      { policy: {} },
    );
    const scope = openRequest();
    cleanUps.push(
      () => void server.close(),
      () => {
        for (const socket of sockets) socket.destroy();
      },
      () => scope.close(),
      () => upstream.close(),
    );
    for (let call = 0; call < 5; call++) {
      expect((await failureOf(orders.get({ orderId: 'o' }, scope.context))).code).toBe('not_found');
    }
    expect(answered).toBe(5);
    // Where the client saw the end of the connection first, it did not use it.
    const retries = events.filter(({ kind }) => kind === 'retry');
    expect(retries.length).toBeGreaterThan(0);
    expect(retries).toMatchObject(retries.map(() => ({ because: 'reset' })));
  });
});
