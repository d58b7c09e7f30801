import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson, startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestProxy, type TestProxy } from '../testing/open-test-proxy.ts';
import { exchangeRaw, openRaw } from '../testing/raw-client.ts';

let service: FakeService;
let proxy: TestProxy;
beforeEach(async () => {
  service = await startFakeService();
  proxy = await openTestProxy([service.url], 1_000);
});
afterEach(async () => {
  await proxy.close();
  await service.stop();
});

describe('a forwarded request', () => {
  it('arrives under its own path and query with the gateway’s headers in place of what the client claims', async () => {
    const response = await proxy.send('/v1/orders/a%20b:cancel?pageToken=x%2Fy', {
      headers: {
        'x-request-id': 'req-1',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'vendor=1',
        'idempotency-key': 'key-1',
        accept: 'application/json',
        'x-user-id': 'mallory',
        x_user_id: 'mallory',
        'x-roles': 'support',
        forwarded: 'for=10.0.0.1',
        'x-forwarded-for': '10.0.0.1',
        'x-forwarded-host': 'evil',
        'x-real-ip': '10.0.0.1',
        'x-http-method-override': 'DELETE',
        'x-original-url': '/admin',
        'x-request-timeout-ms': '900',
        'proxy-authorization': 'Basic x',
        cookie: 'a=b',
        te: 'trailers',
        'x-colour': 'blue',
      },
    });
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    const [{ method, url, headers, rawHeaders }] = service.seen as [FakeService['seen'][number]];
    expect([method, url]).toEqual(['GET', '/v1/orders/a%20b:cancel?pageToken=x%2Fy']);
    expect(headers).toMatchObject({
      authorization: 'Bearer internal-alice-order-service',
      host: new URL(service.url).host,
      'x-request-id': 'req-1',
      traceparent: expect.stringMatching(
        /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[\da-f]{16}-01$/,
      ),
      tracestate: 'vendor=1',
      'idempotency-key': 'key-1',
      accept: 'application/json',
      'x-colour': 'blue',
    });
    expect(Number(headers['x-request-timeout-ms'])).toBeGreaterThan(500);
    expect(Number(headers['x-request-timeout-ms'])).toBeLessThan(900);
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
    expect(names).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/x-user|role|forward|real-ip|method|original|proxy|cookie|^te$/),
      ]),
    );
    expect(JSON.stringify(rawHeaders)).not.toMatch(/mallory|evil|Bearer client/);
  });

  it('loses the headers that Connection names, but never its framing', async () => {
    const body = '{"a":1}';
    const answer = await exchangeRaw(
      proxy.url,
      `POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nX-Odd: 1\r\nContent-Type: application/json\r\n` +
        `Connection: close, x-odd, content-length, authorization\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(service.seen).toHaveLength(1);
    expect(service.seen[0]).toMatchObject({
      body,
      headers: { authorization: 'Bearer internal-alice-order-service' },
    });
    expect(service.seen[0]!.headers).not.toHaveProperty('x-odd');
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'with a chunked body arrives as exactly one %s, and so does the one after it',
    async (method) => {
      const hidden = `GET /v1/orders/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;
      const head = `${method} /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\n`;
      const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
      const answer = await exchangeRaw(
        proxy.url,
        `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}` +
          `${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}` +
          `GET /v1/orders/last HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
      expect(service.seen.map((seen) => [seen.method, seen.url, seen.body])).toEqual([
        [method, '/v1/orders', hidden],
        [method, '/v1/orders', hidden],
        ['GET', '/v1/orders/last', ''],
      ]);
      expect(proxy.outcomeKinds()).toEqual(['success', 'success', 'success']);
    },
  );

  it('asks for no other protocol, and waits for no leave to send its body', async () => {
    const answer = await exchangeRaw(
      proxy.url,
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nConnection: close, Upgrade, HTTP2-Settings\r\n' +
        'Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(service.seen).toMatchObject([{ body: 'body' }]);
    expect(service.seen[0]!.headers).not.toHaveProperty('expect');
  });

  it('arrives whole when it is large, and so does its answer', async () => {
    const body = 'x'.repeat(5_000_000);
    service.answer = (request, response) => void request.pipe(response);
    const response = await proxy.send('/v1/orders', { method: 'POST', body });
    expect((await response.text()).length).toBe(body.length);
    expect([service.seen[0]!.body.length, proxy.outcomeKinds()]).toEqual([body.length, ['success']]);
  });

  it('with another transfer coding is refused', async () => {
    const answer = await exchangeRaw(
      proxy.url,
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(service.seen).toEqual([]);
  });

  it('is streamed: the service reads the first bytes before the client has sent the last', async () => {
    const { promise: firstChunk, resolve } = Promise.withResolvers<Buffer>();
    service.answer = (request, response) => {
      request.once('data', resolve);
      answerJson(200, {})(request, response);
    };
    const socket = openRaw(
      proxy.url,
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nConnection: close\r\nContent-Length: 10\r\n\r\nfirst',
    );
    expect((await firstChunk).toString()).toBe('first');
    socket.write('-last');
    await once(socket, 'data');
    expect(service.seen[0]!.body).toBe('first-last');
  });

  it('shares connections with others, and takes the instances in turn', async () => {
    const second = await startFakeService();
    const both = await openTestProxy([service.url, second.url]);
    for (let count = 0; count < 4; count++) await (await both.send('/v1/orders')).text();
    expect([service.seen.length, second.seen.length]).toEqual([2, 2]);
    expect([await service.connections(), await second.connections()]).toEqual([1, 1]);
    await both.close();
    await second.stop();
  });
});
