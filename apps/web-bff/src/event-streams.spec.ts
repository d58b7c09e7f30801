import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OrderOverviewUpdate, WatchOrder } from '@bff/aggregation';
import { AppError } from '@bff/core';
import { createHttpApp, startHttpListener, type Listener } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import compression from 'compression';
import { createStreamPlaces } from './events/stream-places.ts';
import { createEventRoutes } from './routes/event-routes.ts';
import { sampleOrder, samplePayment } from './testing/sample-order.ts';

const open: (Listener | Socket)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ('destroy' in one) one.destroy();
    else await one.close(0);
  }
});

const update = (cursor: string): OrderOverviewUpdate => ({
  order: sampleOrder,
  payment: { ok: true, value: samplePayment },
  shipment: { ok: false, code: 'deadline_exceeded' },
  changed: ['order'],
  cursor,
});

/** Serves event streams of whatever `watch` gives. */
async function serve(
  watch: (after: string | undefined, signal: AbortSignal) => AsyncGenerator<OrderOverviewUpdate>,
  limits = {},
) {
  const drain = new AbortController();
  const kit = createTestKit({ drain: drain.signal });
  const places = createStreamPlaces({ max: 10, maxPerUser: 3 });
  const watchOrder: WatchOrder = ({ after }, { signal }) => {
    const generator = watch(after, signal);
    return generator;
  };
  const mount = (app: import('express').Express) => {
    app.use(compression({ threshold: 0 }));
    app.use(
      createEventRoutes({
        ...{ watchOrder, kit, gates: [], random: () => 0.5, places },
        whenSignedOut: () => () => undefined,
        ...{ heartbeatMs: 20, stallMs: 200, lifeMs: 5_000, ...limits },
      }),
    );
  };
  const listener = await startHttpListener({
    handler: createHttpApp({ kit, requestTimeoutMs: 100, mount }),
    address: { host: '127.0.0.1', port: 0 },
    kit,
  });
  open.push(listener);
  return { url: `${listener.url}/orders/ord_0001/events`, places, drain, listener };
}

const untilAborted = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  throw AppError.from(signal.reason);
};

describe('an event stream', () => {
  it('gives each update its id, outlives the request’s deadline, is not compressed, and beats', async () => {
    const { url } = await serve(async function* (_after, signal) {
      yield update('1.1.1');
      yield update('2.1.1');
      await untilAborted(signal);
    });
    const response = await fetch(url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(response.headers.has('content-encoding')).toBe(false);
    let text = '';
    const started = performance.now();
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk).toString();
      // The request itself had 100 ms.
      if (performance.now() - started > 150 && text.endsWith(':\n\n')) break;
    }
    const [first, second, ...beats] = text.split('\n\n');
    expect(first).toMatch(
      /^id: 1\.1\.1\nevent: update\ndata: \{"changed":\["order"\],"order":\{"orderId":"ord_0001"/,
    );
    expect(JSON.parse(/data: (.*)$/.exec(first!)![1]!).meta).toEqual({
      sources: [{ source: 'shipment', status: 'timeout', code: 'deadline_exceeded' }],
    });
    expect(second).toMatch(/^id: 2\.1\.1\n/);
    expect(beats.filter((beat) => beat === ':').length).toBeGreaterThan(2);
  });

  it('resumes after Last-Event-ID', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await serve(async function* (after) {
      seen.push(after);
      yield update('9.9.9');
    });
    await (await fetch(url, { headers: { 'last-event-id': '4.5.6' } })).text();
    await (await fetch(url)).text();
    expect(seen).toEqual(['4.5.6', undefined]);
  });

  it('begins without an update when there is none for a while, as after a resumption', async () => {
    const { url } = await serve(async function* (_after, signal) {
      await untilAborted(signal);
      yield update('1.1.1');
    });
    const client = new AbortController();
    const response = await fetch(url, { signal: client.signal });
    expect(response.status).toBe(200);
    client.abort();
  });

  it.each([
    ['not_found', 404],
    ['upstream_failed', 502],
    ['deadline_exceeded', 504],
  ] as const)('that fails with %s before it has begun is a problem, %d', async (code, status) => {
    const { url, places } = await serve(async function* () {
      throw new AppError(code, 'There is no such order.');
    });
    const response = await fetch(url);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(places.taken()).toBe(0);
  });

  it('names the header when its id is none', async () => {
    const { url } = await serve(async function* () {
      throw new AppError('invalid_argument', 'No.', { faults: [{ field: 'after', message: 'no' }] });
    });
    expect(await (await fetch(url)).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'Last-Event-ID', message: 'is not an id that was given out here' }],
    });
  });

  it('that fails later ends, so that its client comes back', async () => {
    const { url } = await serve(async function* () {
      yield update('1.1.1');
      throw new AppError('resource_exhausted', 'Too slow a reader.');
    });
    expect(await (await fetch(url)).text()).toMatch(/^id: 1\.1\.1\n[^]*\n\nretry: 250\n\n$/);
  });

  it('ends after its time and gives its place back', async () => {
    const { url, places } = await serve(
      async function* (_after, signal) {
        yield update('1.1.1');
        await untilAborted(signal);
      },
      { lifeMs: 80 },
    );
    expect(await (await fetch(url)).text()).toMatch(/retry: 250\n\n$/);
    expect(places.taken()).toBe(0);
  });

  it('is ended by a process that drains, and so is one that comes then', async () => {
    const { url, drain } = await serve(async function* (_after, signal) {
      if (signal.aborted) throw AppError.from(signal.reason);
      yield update('1.1.1');
      await untilAborted(signal);
    });
    const response = await fetch(url);
    const text = response.text();
    drain.abort(new AppError('unavailable', 'This server is stopping.'));
    expect(await text).toMatch(/retry: 250\n\n$/);
    // An EventSource gives up for good at any status but 200.
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([200, 'retry: 250\n\n']);
  });

  it('stops watching when its client leaves', async () => {
    const stopped = Promise.withResolvers<unknown>();
    const { url, places } = await serve(async function* (_after, signal) {
      signal.addEventListener('abort', () => {
        stopped.resolve(signal.reason);
      });
      yield update('1.1.1');
      await untilAborted(signal);
    });
    const client = new AbortController();
    await fetch(url, { signal: client.signal });
    expect(places.taken()).toBe(1);
    client.abort();
    expect(await stopped.promise).toMatchObject({ code: 'cancelled' });
  });

  it('is refused over the user’s share, and to HEAD and POST', async () => {
    const { url } = await serve(async function* (_after, signal) {
      yield update('1.1.1');
      await untilAborted(signal);
    });
    const clients = [new AbortController(), new AbortController(), new AbortController()];
    for (const { signal } of clients) await fetch(url, { signal });
    const over = await fetch(url);
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, '5']);
    for (const client of clients) client.abort();
    for (const method of ['HEAD', 'POST']) {
      const response = await fetch(url, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET']);
    }
  });
});

describe('a slow reader', () => {
  it('makes nothing pile up here: it is asked for no more updates, and cut off when it takes none', async () => {
    let given = 0;
    const ended = Promise.withResolvers<undefined>();
    const { url, places } = await serve(async function* (_after, signal) {
      try {
        while (!signal.aborted) yield update(`${(++given).toString(36)}.1.1`);
      } finally {
        ended.resolve(undefined);
      }
    });
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    open.push(socket);
    // Reads nothing at all.
    socket.pause().write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    await ended.promise;
    // What the system's socket buffers hold, some megabytes, and not what the watch would have given in that time.
    expect(given * 1_500).toBeLessThan(16 * 1024 * 1024);
    // Fails by its time limit.
    while (places.taken() > 0) await setImmediate();
  });
});
