import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson, startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestProxy, type TestProxy } from '../testing/open-test-proxy.ts';
import { openRaw } from '../testing/raw-client.ts';

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

describe('when no answer comes', () => {
  const inside = /127\.0\.0\.1|ECONN|socket|hang up|order-service|:\d{4,5}/;
  const expectProblem = async (response: Response, status: number, code: string) => {
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.parse(text)).toMatchObject({ status, code });
    expect(text).not.toMatch(inside);
  };

  it('says 502 when the connection is refused', async () => {
    await service.stop();
    await expectProblem(await proxy.send('/v1/orders'), 502, 'upstream_failed');
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([Array(13).fill('refused'), [0]]);
  });

  it('says 502 when the connection is reset', async () => {
    service.answer = (request) => request.socket.resetAndDestroy();
    await expectProblem(
      await proxy.send('/v1/orders', { method: 'POST', body: 'x' }),
      502,
      'upstream_failed',
    );
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([['reset'], [0]]);
  });

  it('says 502 when what comes is no HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-inside\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const odd = await openTestProxy([`http://127.0.0.1:${port}`]);
    await expectProblem(await odd.send('/v1/orders'), 502, 'upstream_failed');
    expect(odd.outcomeKinds()).toEqual(['server_error']);
    await odd.close();
    server.close();
  });

  it('says 504 at the deadline and ends the request to the service', async () => {
    service.answer = () => undefined;
    const arrived = service.nextRequest();
    const answered = proxy.send('/v1/orders', { headers: { 'x-request-timeout-ms': '120' } });
    const closed = once((await arrived).socket, 'close');
    await expectProblem(await answered, 504, 'deadline_exceeded');
    await closed;
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([['timeout'], [0]]);
  });

  it('breaks off an answer that stops half-way', async () => {
    service.answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => request.socket.resetAndDestroy());
    };
    const response = await proxy.send('/v1/orders');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await proxy.leaseDone();
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([['reset'], [0]]);
  });

  it('breaks off an answer that the deadline catches half-way', async () => {
    service.answer = (_request, response) =>
      void response.writeHead(200, { 'content-length': '100' }).write('half');
    const response = await proxy.send('/v1/orders', { headers: { 'x-request-timeout-ms': '120' } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([['timeout'], [0]]);
  });

  it.each(['before the answer', 'in the middle of it', 'in the middle of the request'] as const)(
    'ends the request to the service within 20 ms when the client leaves %s',
    async (moment) => {
      service.answer = (_request, response) => {
        if (moment === 'in the middle of it') response.writeHead(200).write('half');
      };
      const delays: number[] = [];
      for (let count = 0; count < 5; count++) delays.push(await leave(moment));
      // The median: this is about the gateway, not about what else the machine does just then.
      expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(20);
      expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([Array(5).fill('cancelled'), [0]]);
    },
  );

  /** Milliseconds from the client's end to the end of the connection at the service. */
  async function leave(moment: string): Promise<number> {
    const arrived = service.nextRequest();
    const length = moment === 'in the middle of the request' ? 100 : 4;
    const socket = openRaw(
      proxy.url,
      `POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer c\r\nContent-Length: ${length}\r\n\r\nbody`,
    );
    const request = await arrived;
    if (moment === 'in the middle of it') await once(socket, 'data');
    // Not `once`, which also rejects with the parse error of the request that breaks off.
    const closed = new Promise((resolve) => request.socket.on('close', resolve));
    const leftAt = performance.now();
    socket.resetAndDestroy();
    await closed;
    return performance.now() - leftAt;
  }

  it('goes on serving', async () => {
    service.answer = (request) => request.socket.resetAndDestroy();
    await Promise.all(Array.from({ length: 20 }, async () => (await proxy.send('/v1/orders')).text()));
    service.answer = answerJson(200, { ok: true });
    expect((await proxy.send('/v1/orders')).status).toBe(200);
    expect([proxy.outcomeKinds().length, proxy.pending()]).toEqual([21 + 20, [0]]);
  });
});
