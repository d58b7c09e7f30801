import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson, startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestProxy, type TestProxy } from '../testing/open-test-proxy.ts';

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

describe('an answer', () => {
  it('passes through without what tells of the inside or of the connection', async () => {
    service.answer = answerJson(
      201,
      { orderId: 'ord_1' },
      {
        'cache-control': 'private, max-age=5',
        etag: '"1"',
        location: `${service.origin}/v1/orders/ord_1`,
        server: 'inside/1.0',
        'x-powered-by': 'Express',
        via: '1.1 inside',
        'x-request-id': 'another',
        connection: 'close, x-hop',
        'x-hop': '1',
        'proxy-authenticate': 'Basic',
      },
    );
    const response = await proxy.send('/v1/orders', { headers: { 'x-request-id': 'req-1' } });
    expect([response.status, response.statusText, await response.json()]).toEqual([
      201,
      'Created',
      { orderId: 'ord_1' },
    ]);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      etag: '"1"',
      'cache-control': 'private, max-age=5',
      location: '/v1/orders/ord_1',
      'x-request-id': 'req-1',
      connection: 'keep-alive',
    });
    for (const name of ['server', 'x-powered-by', 'via', 'x-hop', 'proxy-authenticate']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it('passes the service’s own problem on, byte for byte', async () => {
    const problem = {
      type: 'about:blank',
      status: 404,
      detail: 'There is no such order.',
      code: 'not_found',
      x: [1],
    };
    service.answer = answerJson(404, problem, { 'content-type': 'application/problem+json' });
    const response = await proxy.send('/v1/orders/ord_9');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      404,
      'application/problem+json',
      JSON.stringify(problem),
    ]);
    expect(proxy.outcomeKinds()).toEqual(['success']);
  });

  it.each([
    [500, 502, 'upstream_failed', 'server_error'],
    [503, 502, 'upstream_failed', 'overloaded'],
    [504, 504, 'deadline_exceeded', 'timeout'],
    [401, 502, 'upstream_failed', 'success'],
  ])('%d of the service becomes the gateway’s own %d', async (given, status, code, outcome) => {
    const detail = 'connect ECONNREFUSED 10.1.2.3:5432 at Socket.<anonymous>';
    service.answer = answerJson(given, { detail }, { 'retry-after': '7', 'x-stack': detail });
    const response = await proxy.send('/v1/orders');
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toEqual([status, expect.objectContaining({ status, code })]);
    expect(text + JSON.stringify([...response.headers])).not.toMatch(/ECONN|10\.1\.2\.3|Socket/);
    if (code === 'upstream_failed') expect(response.headers.get('retry-after')).toBe('7');
    expect([proxy.outcomeKinds(), proxy.pending()]).toEqual([[outcome], [0]]);
  });

  it('to HEAD has headers and no body', async () => {
    const response = await proxy.send('/v1/orders', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(proxy.outcomeKinds()).toEqual(['success']);
  });

  it('ends the connection while the gateway drains', async () => {
    proxy.drain();
    expect((await proxy.send('/v1/orders')).headers.get('connection')).toBe('close');
  });
});
