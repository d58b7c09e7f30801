import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request as openRequest, type IncomingMessage } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runHaproxy, type RunningHaproxy } from './run-haproxy.ts';

const file = resolve(import.meta.dirname, '../../../../docker/haproxy/haproxy.cfg');
const rpc = (method: string) => `/wearable.v1.WearableService/${method}`;
const times = 4;

/** What an instance does with a request: answers with what it got, answers that it cannot, or loses the connection. */
type Manner = 'echo' | 503 | 'lost';
type Headers = Record<string, string>;

describe('HAProxy in front of two instances of each BFF', () => {
  let haproxy: RunningHaproxy;
  const closing: (() => void)[] = [];
  let manners: [Manner, Manner];
  let asked: number;

  const startHttp = async (n: 0 | 1) => {
    const server = createServer((request, response) => {
      asked++;
      if (manners[n] === 'lost') return void request.socket.destroy();
      response.writeHead(manners[n] === 503 ? 503 : 200).end(JSON.stringify(request.headers));
    });
    closing.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };
  const startHttp2 = async (n: 0 | 1) => {
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      asked++;
      stream.on('error', () => undefined);
      if (manners[n] === 'lost') return stream.session?.destroy();
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify(headers));
    });
    server.on('sessionError', () => undefined);
    server.on('session', (session) => closing.push(() => session.destroy()));
    closing.push(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  beforeAll(async () => {
    const web = await Promise.all([startHttp(0), startHttp(1)]);
    const wearable = await Promise.all([startHttp2(0), startHttp2(1)]);
    const instances = { 'web-bff': web, 'mobile-bff': web, 'wearable-bff': wearable };
    haproxy = await runHaproxy(await readFile(file, 'utf8'), instances);
  });
  afterAll(async () => {
    await haproxy.stop();
    for (const close of closing) close();
  });
  beforeEach(() => {
    asked = 0;
    manners = ['echo', 'echo'];
  });

  const send = async (port: number, method: string, path: string, headers: Headers = {}) => {
    const options = { port: haproxy.ports.get(port), method, path, headers, agent: false };
    const request = openRequest({ host: '127.0.0.1', ...options }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { status: response.statusCode, text: (await response.toArray()).join('') };
  };
  const call = async (method: string, headers: Headers = {}) => {
    const session = connect(`http://127.0.0.1:${String(haproxy.ports.get(8083))}`);
    const stream = session.request({ ':method': 'POST', ':path': rpc(method), ...headers }).end();
    const answer = once(stream, 'response').then(async ([head]) => ({
      status: (head as { ':status': number })[':status'],
      text: (await stream.toArray()).join(''),
    }));
    const lost = { status: 502, text: '' };
    try {
      return await answer.catch(() => lost);
    } finally {
      session.destroy();
    }
  };
  const statuses = async (one: () => Promise<{ status: number | undefined }>) => {
    const seen: (number | undefined)[] = [];
    for (let n = 0; n < times; n++) seen.push((await one()).status);
    return [...new Set(seen)].sort();
  };

  const claims = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1', forwarded: 'for=192.0.2.1' };
  it.each([
    ['web', () => send(8081, 'GET', '/v1/orders', claims)],
    ['mobile', () => send(8082, 'POST', '/graphql', claims)],
    ['wearable', () => call('GetOrderGlance', claims)],
    ['wearable streams', () => call('WatchOrder', claims)],
  ])('believes no address that a client of %s claims, and says its own', async (_, ask) => {
    const { text } = await ask();
    expect(text).not.toContain('192.0.2.1');
    expect(JSON.parse(text)).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
  });

  it.each([
    ['a read of web', () => send(8081, 'GET', '/v1/orders')],
    ['a write with a key', () => send(8081, 'POST', '/v1/orders', { 'idempotency-key': 'k' })],
    ['a read of the watch', () => call('GetOrderGlance')],
    ['a list of the watch', () => call('ListOrderGlances')],
  ])('sends %s elsewhere when its instance is lost', async (_, ask) => {
    manners = ['lost', 'echo'];
    expect(await statuses(ask)).toEqual([200]);
    expect(asked).toBeGreaterThan(times);
  });

  it.each([
    ['a write without a key', () => send(8081, 'POST', '/v1/orders')],
    ['a GraphQL request', () => send(8082, 'POST', '/graphql')],
    ['a write of the watch', () => call('CancelOrder')],
    // Its client is told REFUSED_STREAM, as if nobody had seen the call: what a watch writes must bear a repetition by its client.
  ])('never sends %s twice', async (_, ask) => {
    manners = ['lost', 'lost'];
    expect(await statuses(ask)).toEqual([502]);
    expect(asked).toBe(times);
  });

  it('passes an answer on, be it 503, so that an outage stays as large as it is', async () => {
    manners = [503, 503];
    expect(await statuses(() => send(8081, 'GET', '/v1/orders'))).toEqual([503]);
    expect(asked).toBe(times);
  });
});
