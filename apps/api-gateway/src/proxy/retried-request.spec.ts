import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson, startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestProxy, type TestProxy } from '../testing/open-test-proxy.ts';

let bad: FakeService;
let good: FakeService;
let proxy: TestProxy;
beforeEach(async () => {
  bad = await startFakeService();
  good = await startFakeService();
  good.answer = answerJson(200, { from: 'good' });
  // In turn: the first request goes to the first.
  proxy = await openTestProxy([bad.url, good.url], 1_000, 150);
});
afterEach(async () => {
  await proxy.close();
  await bad.stop();
  await good.stop();
});

const post = { method: 'POST', body: JSON.stringify({ sku: 'tea' }) };
const key = { 'idempotency-key': 'k-1' };
const reset = () => {
  bad.answer = (request) => void request.socket.resetAndDestroy();
};
const leasesDone = () => expect(proxy.pending()).toEqual([0, 0]);

describe('a request whose first instance', () => {
  it.each([
    ['GET', {}],
    ['POST with a body', post],
    ['POST with a body and a key', { ...post, headers: key }],
  ])('refuses the connection goes to the other one: %s', async (_what, init) => {
    await bad.stop();
    const response = await proxy.send('/v1/orders', init);
    expect([response.status, await response.json()]).toEqual([200, { from: 'good' }]);
    expect(good.seen.map(({ body }) => body)).toEqual(['body' in init ? init.body : '']);
    expect(good.seen[0]?.headers['x-request-retried']).toBe('1');
    expect(proxy.outcomeKinds()).toEqual(['refused', 'success']);
    leasesDone();
  });

  it.each([
    ['GET', {}],
    ['HEAD', { method: 'HEAD' }],
    ['POST without a body, with a key', { method: 'POST', headers: key }],
  ])('resets the connection goes to the other one when it may: %s', async (_what, init) => {
    reset();
    expect((await proxy.send('/v1/orders', init)).status).toBe(200);
    expect(good.seen).toHaveLength(1);
    expect(proxy.outcomeKinds()).toEqual(['reset', 'success']);
    leasesDone();
  });

  it.each([
    ['POST', { method: 'POST' }],
    ['POST with a body', post],
    // The body has been streamed, and nobody has kept it.
    ['POST with a body and a key', { ...post, headers: key }],
    ['GET that the tier in front has repeated', { headers: { 'x-request-retried': '1' } }],
  ])('resets the connection is not sent again when it may not: %s', async (_what, init) => {
    reset();
    expect((await proxy.send('/v1/orders', init)).status).toBe(502);
    expect(good.seen).toEqual([]);
    leasesDone();
  });

  it.each([500, 502, 503, 429])('answers %d goes to the other one when it is a read', async (status) => {
    bad.answer = answerJson(status, { from: 'bad' });
    const response = await proxy.send('/v1/orders');
    expect([response.status, await response.json()]).toEqual([200, { from: 'good' }]);
    expect([bad.seen.length, good.seen.length]).toEqual([1, 1]);
    leasesDone();
  });

  it.each([500, 502, 503, 429])('answers %d to a write is believed', async (status) => {
    bad.answer = answerJson(status, { from: 'bad' });
    expect((await proxy.send('/v1/orders', post)).status).toBe(status === 429 ? 429 : 502);
    expect([bad.seen.length, good.seen.length]).toEqual([1, 0]);
    leasesDone();
  });

  it('says that all has been tried behind it is believed', async () => {
    bad.answer = answerJson(502, {}, { 'x-request-settled': '1' });
    const response = await proxy.send('/v1/orders');
    expect(response.status).toBe(502);
    expect(good.seen).toEqual([]);
    expect(proxy.events).toMatchObject([{ kind: 'retry_denied', because: 'settled_below' }]);
  });

  it('says nothing is left after a while when it is a read', async () => {
    bad.answer = () => undefined;
    const startedAt = performance.now();
    expect((await proxy.send('/v1/orders')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(140);
    expect(proxy.outcomeKinds()).toEqual(['timeout', 'success']);
    leasesDone();
  });

  it('gives 429 as it is when there is nobody else to ask', async () => {
    const alone = await openTestProxy([bad.url]);
    bad.answer = answerJson(429, { from: 'bad' }, { 'retry-after': '1' });
    const response = await alone.send('/v1/orders');
    expect([response.status, await response.json()]).toEqual([429, { from: 'bad' }]);
    await alone.close();
  });

  it('closes an idle connection as it is used gets a read again, although there is nobody else', async () => {
    const alone = await openTestProxy([good.url]);
    let requests = 0;
    good.answer = (request, response) => {
      if (++requests === 2) request.socket.resetAndDestroy();
      else answerJson(200, { from: 'good' })(request, response);
    };
    expect((await alone.send('/v1/orders')).status).toBe(200);
    expect((await alone.send('/v1/orders')).status).toBe(200);
    expect(requests).toBe(3);
    await alone.close();
  });

  it('goes on forwarding when every instance fails, and counts each lease once', async () => {
    reset();
    good.answer = (request) => void request.socket.resetAndDestroy();
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await proxy.send('/v1/orders')).status),
    );
    expect(new Set(statuses)).toEqual(new Set([502]));
    leasesDone();
    // 20 % of few calls is less than two a second: no more than twenty attempts on top.
    expect(proxy.outcomeKinds().length).toBeLessThanOrEqual(30 + 20);
    good.answer = answerJson(200, {});
    bad.answer = answerJson(200, {});
    expect((await proxy.send('/v1/orders')).status).toBe(200);
  });
});
