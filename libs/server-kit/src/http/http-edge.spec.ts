import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '@bff/observability';
import {
  createHttpApp,
  defaultHttpLimits,
  originOf,
  readJson,
  startHttpListener,
  type HttpLimits,
  type Listener,
} from '../index.ts';
import { parseTrustedProxies } from '../edge/trusted-proxies.ts';
import { createTestKit } from '../testing/index.ts';

const open: Listener[] = [];
const audited: AuditEvent[] = [];
let reached = 0;
beforeEach(() => {
  audited.length = 0;
  reached = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

async function serve(limits: Partial<HttpLimits> = {}, requestTimeoutMs = 2_000) {
  const kit = createTestKit({ audit: (event) => void audited.push(event) });
  const all = { ...defaultHttpLimits, ...limits };
  const handler = createHttpApp({
    kit,
    requestTimeoutMs,
    limits: all,
    mount(app) {
      app.post('/echo', ...readJson(all.maxBodyBytes), (request, response) => {
        reached += 1;
        response.json(request.body);
      });
      app.all('/seen', (request, response) => {
        reached += 1;
        response.json({ headers: request.headers, ...originOf(request) });
      });
    },
  });
  const address = { host: '127.0.0.1', port: 0 };
  const listener = await startHttpListener({ handler, address, kit, limits: all });
  open.push(listener);
  return listener.url;
}

/** Sends bytes as they are; resolves with everything that came until the server closed, or until `until` stands in it. */
function exchange(url: string, bytes: string, until?: RegExp): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(Buffer.from(bytes, 'latin1'));
  return new Promise((resolve) => {
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (until?.test(text)) finish();
    });
    socket.on('error', finish).on('close', finish);
  });
}

const head = 'Host: x\r\nConnection: close\r\n';

describe('a request that two servers could read in two ways', () => {
  it.each([
    [
      'Transfer-Encoding on HTTP/1.0',
      `POST /seen HTTP/1.0\r\n${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'another transfer coding',
      `POST /seen HTTP/1.1\r\n${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['no host', 'GET /seen HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a user in the host', 'GET /seen HTTP/1.1\r\nHost: a@b\r\n\r\n'],
    ['h2c', `GET /seen HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`],
    ['HTTP/0.9', 'GET /seen\r\n\r\n'],
    ['a dot segment', `GET /x/../seen HTTP/1.1\r\n${head}\r\n`],
    ['two lengths', `POST /seen HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  ])('is refused as a problem and noted: %s', async (_what, bytes) => {
    const answer = await exchange(await serve(), bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toMatch(/"code":"invalid_argument"/);
    expect(answer).not.toMatch(/HPE|llhttp|parse/i);
    expect([reached, audited[0]?.action]).toEqual([0, 'request_refused']);
  });

  it.each(['TRACE', 'CONNECT'])('is refused with a method that nobody needs: %s', async (method) => {
    const target = method === 'CONNECT' ? 'evil:443' : '/seen';
    expect(await exchange(await serve(), `${method} ${target} HTTP/1.1\r\n${head}\r\n`)).toMatch(
      /^HTTP\/1\.1 405 /,
    );
    expect(reached).toBe(0);
  });
});

describe('limits', () => {
  const url = (path: string) => `GET ${path} HTTP/1.1\r\n${head}\r\n`;
  const manyHeaders = Array.from({ length: 120 }, (_, index) => `X-${index}: a\r\n`).join('');
  const post = (headers: string, body: string) => `POST /echo HTTP/1.1\r\n${head}${headers}\r\n${body}`;

  it.each([
    [414, 'a URI of 9 KB', url(`/seen?x=${'a'.repeat(9_000)}`)],
    [431, '120 headers', `GET /seen HTTP/1.1\r\n${head}${manyHeaders}\r\n`],
    [431, 'a header of 20 KB', `GET /seen HTTP/1.1\r\n${head}X: ${'a'.repeat(20_000)}\r\n\r\n`],
    [431, 'headers of 40 KB', `GET /seen HTTP/1.1\r\n${head}X: ${'a'.repeat(40_000)}\r\n\r\n`],
    [413, 'an announced body', post('Content-Type: application/json\r\nContent-Length: 300000\r\n', '{')],
    [415, 'a form', post('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n', 'a=b')],
    [415, 'no content type', post('Content-Length: 2\r\n', '{}')],
    [417, 'an expectation', post('Content-Length: 2\r\nExpect: wonders\r\n', '{}')],
  ])('answer %d to %s', async (status, _what, bytes) => {
    const answer = await exchange(await serve(), bytes, /\r\n\r\n\{.*\}$/);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(reached).toBe(0);
  });

  it('answer 413 to a chunked body as soon as it is too large', async () => {
    const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
    const bytes = post('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n', chunk.repeat(3));
    expect(await exchange(await serve({ maxBodyBytes: 2_000 }), bytes, /\}$/)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['headers', 'GET /seen HTTP/1.1\r\nHost: x\r\nX-A'],
    ['anything', ''],
    ['a body', post('Content-Type: application/json\r\nContent-Length: 5\r\n', '{')],
  ])('answer 408 to who does not send %s in time', async (_what, bytes) => {
    const answer = await exchange(await serve({ receiveTimeoutMs: 50 }), bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  it('answer 408, not 504, when the deadline passes while the client is still sending', async () => {
    const bytes = post('Content-Type: application/json\r\nContent-Length: 5\r\n', '{');
    expect(await exchange(await serve({}, 50), bytes)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('reset connections over the limit of an address or of all', async () => {
    for (const limits of [{ maxConnectionsPerAddress: 1 }, { maxConnections: 1 }]) {
      const server = await serve(limits);
      const socket = connect(Number(new URL(server).port), '127.0.0.1');
      socket.write('GET /seen HTTP/1.1\r\nHost: x\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
      expect(await exchange(server, url('/seen'))).toBe('');
      socket.destroy();
    }
    expect(audited.map(({ reason }) => reason)).toEqual([
      'too_many_connections_of_address',
      'too_many_connections',
    ]);
  });
});

describe('what a request claims', () => {
  const claims = {
    'x-forwarded-for': '203.0.113.9',
    x_user_id: 'bob',
    'x-user-id': 'bob',
    forwarded: 'for=1',
  };

  it('is taken away, and where it comes from is the peer', async () => {
    const seen = (await (await fetch(`${await serve()}/seen`, { headers: claims })).json()) as {
      headers: Record<string, string>;
    };
    expect(seen).toMatchObject({ address: '127.0.0.1', isClient: true });
    expect(Object.keys(seen.headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/x.user|forward/)]),
    );
  });

  it('is believed of a trusted proxy as far as the address goes', async () => {
    const url = await serve({ trustProxy: parseTrustedProxies('127.0.0.1') });
    expect(await (await fetch(`${url}/seen`, { headers: claims })).json()).toMatchObject({
      address: '203.0.113.9',
    });
  });
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/echo`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('are told nothing unless they are listed', async () => {
    const url = await serve();
    const answer = await preflight(url, 'https://shop.example');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, null]);
  });

  it('may ask and read when they are', async () => {
    const url = await serve({ allowedOrigins: ['https://shop.example'] });
    const allowed = await preflight(url, 'https://shop.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://shop.example',
    ]);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await preflight(url, 'https://evil.example');
    expect([
      other.status,
      other.headers.get('access-control-allow-origin'),
      other.headers.get('vary'),
    ]).toEqual([404, null, 'Origin']);
  });
});
