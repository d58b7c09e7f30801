import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, type Context } from '@bff/core';
import type { Listener } from '../listener.ts';
import { createTestKit } from '../testing/index.ts';
import { authenticate, contextOf, createHttpApp, startHttpListener } from '../index.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

async function serve(options: { requestTimeoutMs?: number; onContext?: (context: Context) => void } = {}) {
  const kit = createTestKit();
  const app = createHttpApp({
    kit,
    requestTimeoutMs: options.requestTimeoutMs ?? 2000,
    mount(app) {
      app.get('/hello/:name', (request, response) => {
        const context = contextOf(request);
        response.json({ requestId: context.requestId, remainingMs: context.deadline.remainingMs() });
      });
      app.get('/fails', () => {
        throw new Error('connect ECONNREFUSED 10.1.2.3:5432');
      });
      app.get('/busy', () => {
        throw new AppError('resource_exhausted', 'Too many requests.', { retryAfterMs: 1500 });
      });
      app.get('/behind-fails', () => {
        throw new AppError('upstream_failed', 'A service that is needed for the answer failed.');
      });
      app.get('/retried', (request, response) => {
        response.json({ retried: contextOf(request).retried });
      });
      app.get('/hangs', (request) => {
        options.onContext?.(contextOf(request));
      });
      app.get(
        '/mine',
        authenticate(() => Promise.reject(new AppError('unauthenticated', 'An access token is required.'))),
      );
    },
  });
  const listener = await startHttpListener({
    handler: app,
    address: { host: '127.0.0.1', port: 0 },
    kit,
    health: true,
  });
  open.push(listener);
  return { ...listener, kit };
}

describe('createHttpApp', () => {
  it('keeps a harmless request id, replaces another, and takes the smaller deadline', async () => {
    const { url, kit } = await serve();
    const get = (headers: Record<string, string>) => fetch(`${url}/hello/x`, { headers });
    const kept = await get({ 'x-request-id': 'abc-1', 'x-request-timeout-ms': '500' });
    expect(kept.headers.get('x-request-id')).toBe('abc-1');
    expect(((await kept.json()) as { remainingMs: number }).remainingMs).toBeLessThanOrEqual(500);
    const replaced = await get({ 'x-request-id': '<script>' });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/);
    expect(await kit.metrics.expose()).toContain('route="/hello/:name",method="GET",status="200"} 2');
  });

  it('answers errors as problems that say nothing of the inside', async () => {
    const { url } = await serve();
    const failed = await fetch(`${url}/fails`, { headers: { 'x-request-id': 'r1' } });
    expect(failed.status).toBe(500);
    expect(failed.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await failed.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The request could not be completed.',
      code: 'internal',
      requestId: 'r1',
    });
    const busy = await fetch(`${url}/busy`);
    expect([busy.status, busy.headers.get('retry-after'), busy.headers.get('cache-control')]).toEqual([
      429,
      '2',
      'no-store',
    ]);
    const mine = await fetch(`${url}/mine`);
    expect([mine.status, mine.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="bff"']);
    expect(await (await fetch(`${url}/nowhere`)).json()).toMatchObject({
      status: 404,
      detail: 'There is no GET /nowhere here.',
    });
    const odd = await fetch(`${url}/hello/x`, { headers: { 'x-request-timeout-ms': 'soon' } });
    expect(odd.status).toBe(400);
  });

  it('knows a request that the tier in front repeats, and says when those behind were asked in vain', async () => {
    const { url } = await serve();
    const retried = async (headers: Record<string, string>) =>
      (await fetch(`${url}/retried`, { headers })).json();
    expect(await retried({})).toEqual({ retried: false });
    expect(await retried({ 'x-request-retried': '1' })).toEqual({ retried: true });
    expect((await fetch(`${url}/behind-fails`)).headers.get('x-request-settled')).toBe('1');
    expect((await fetch(`${url}/fails`)).headers.get('x-request-settled')).toBeNull();
  });

  it('answers 504 at the deadline although the handler hangs', async () => {
    const { url } = await serve({ requestTimeoutMs: 60 });
    const response = await fetch(`${url}/hangs`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      504,
      'deadline_exceeded',
    ]);
  });

  it('refuses a request for two hosts', async () => {
    const { url } = await serve();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /hello/x HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n');
    const answer = (await socket.setEncoding('utf8').toArray()).join('');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('The Host header must be given once.');
  });

  it('cancels the context when the client leaves', async () => {
    let seen: (context: Context) => void = () => undefined;
    const arrived = new Promise<Context>((resolve) => (seen = resolve));
    const { url } = await serve({
      onContext: (context) => {
        seen(context);
      },
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n');
    const context = await arrived;
    const aborted = once(context.signal, 'abort');
    socket.destroy();
    await aborted;
    expect(context.signal.reason).toMatchObject({ code: 'cancelled' });
  });
});

describe('startHttpListener', () => {
  it('serves with Connection: close while draining, then closes', async () => {
    const listener = await serve();
    expect((await fetch(`${listener.url}/hello/x`)).headers.get('connection')).toBe('keep-alive');
    listener.drain();
    const response = await fetch(`${listener.url}/hello/x`);
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await listener.close(1000);
    await expect(fetch(`${listener.url}/hello/x`)).rejects.toThrow('fetch failed');
  });

  it('says without a credential whether it is ready, until it drains', async () => {
    const { url, drain, kit } = await serve();
    const readiness = async () => {
      const { status } = await fetch(`${url}/readyz`);
      return status;
    };
    expect(await readiness()).toBe(200);
    drain();
    expect(await readiness()).toBe(503);
    // Checks come every moment: they are neither logged nor counted.
    expect(await kit.metrics.expose()).not.toContain('http_server_request_duration_seconds_count');
  });

  it.each(['192.0.2.1', 'no-such-host.invalid', 'fe80::1', 'a b'])(
    'says so when HOST is %s, which is not of this machine',
    async (host) => {
      const starting = startHttpListener({
        handler: () => undefined,
        address: { host, port: 0 },
        kit: createTestKit(),
      });
      await expect(starting).rejects.toThrow(`HOST: ${host} is not an address of this machine`);
    },
  );

  it('names the variable when the port is taken', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(
      startHttpListener({
        handler: () => undefined,
        address: { host: '127.0.0.1', port },
        kit: createTestKit(),
      }),
    ).rejects.toThrow(
      `PORT: port ${String(port)} on 127.0.0.1 is taken; stop the process that uses it or choose another PORT.`,
    );
  });
});
