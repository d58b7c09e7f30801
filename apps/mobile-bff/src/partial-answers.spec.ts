import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Mood } from './testing/fake-service.ts';
import { ordersOf } from './testing/answer.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeEach(async () => {
  bff = await startTestApp({ PART_TIMEOUT_MS: '500' });
  // Keys are fetched and connections opened before the failure that the test is about.
  await bff.ask('{ order(id: "ord_0001") { payment { id } shipment { id } } }');
  bff.takeCalls();
});
afterEach(() => bff.close());

const screen = '{ order(id: "ord_0001") { id payment { status } shipment { status } } }';
const inside = /ECONNREFUSED|127\.0\.0\.1|internal:|payment-service|order-service|undici|apollo|at .*\.ts/i;

describe.each<[how: Mood | 'is stopped', code: string]>([
  ['is stopped', 'SOURCE_UNAVAILABLE'],
  ['fails', 'SOURCE_UNAVAILABLE'],
  ['babbles', 'SOURCE_UNAVAILABLE'],
  ['resets', 'SOURCE_UNAVAILABLE'],
  ['hangs', 'SOURCE_TIMEOUT'],
])('when the payment service %s', (how, code) => {
  beforeEach(async () => {
    if (how === 'is stopped') await bff.services.payments.stop();
    else bff.services.payments.mood = how;
  });

  it('answers in time, with null and an error at the payment', async () => {
    // At the deadline it would be 504, so the answer was in time.
    const { status, headers, body, text } = await bff.ask(screen);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.data).toEqual({
      order: { id: 'ord_0001', payment: null, shipment: { status: 'IN_TRANSIT' } },
    });
    expect(body.errors).toEqual([
      {
        message: expect.stringMatching(/^The payment /),
        path: ['order', 'payment'],
        extensions: { code, source: 'payment' },
      },
    ]);
    expect(text).not.toMatch(inside);
  });

  it('says 294 to a client of application/graphql-response+json', async () => {
    const { status, reason, headers } = await bff.ask(screen, {
      headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
    });
    expect([status, reason, headers.get('content-type')]).toEqual([
      294,
      'Partial Success',
      'application/graphql-response+json; charset=utf-8',
    ]);
  });

  it('says nothing to a client that did not ask for the payment', async () => {
    const { body } = await bff.ask('{ order(id: "ord_0001") { shipment { status } } }');
    expect(body).toEqual({ data: { order: { shipment: { status: 'IN_TRANSIT' } } } });
  });
});

describe('when a part of a list is missing', () => {
  it('gives the orders, and an error at each of their payments', async () => {
    bff.services.payments.mood = 'fails';
    const { body } = await bff.ask(
      '{ orders(first: 3) { edges { node { id payment { id } shipment { id } } } } }',
    );
    const nodes = ordersOf(body);
    expect(nodes.map(({ payment }) => payment)).toEqual([null, null, null]);
    expect(nodes.some(({ shipment }) => shipment !== null)).toBe(true);
    expect(body.errors.map(({ path }) => path)).toEqual(
      [0, 1, 2].map((index) => ['orders', 'edges', index, 'node', 'payment']),
    );
  });
});

describe.each<[how: Mood | 'is stopped', code: string]>([
  ['is stopped', 'UPSTREAM_FAILED'],
  ['fails', 'UPSTREAM_FAILED'],
  ['babbles', 'UPSTREAM_FAILED'],
  ['resets', 'UPSTREAM_FAILED'],
  ['hangs', 'DEADLINE_EXCEEDED'],
])('when the order service %s', (how, code) => {
  it('gives null for order and orders, in time, and still answers the rest', async () => {
    if (how === 'is stopped') await bff.services.orders.stop();
    else bff.services.orders.mood = how;
    const { status, body, text } = await bff.ask(
      '{ __typename order(id: "ord_0001") { id payment { status } } orders { pageInfo { endCursor } } }',
      { headers: { accept: 'application/graphql-response+json' } },
    );
    expect(status).toBe(294);
    expect(body.data).toEqual({ __typename: 'Query', order: null, orders: null });
    expect(body.errors.map(({ path, extensions }) => [path, extensions])).toEqual(
      expect.arrayContaining([
        [['order'], { code }],
        [['orders'], { code }],
      ]),
    );
    expect(text).not.toMatch(inside);
  });
});

it('keeps to the client’s own deadline when that is sooner', async () => {
  bff.services.orders.mood = 'hangs';
  const startedAt = performance.now();
  const { status, body } = await bff.ask(screen, { headers: { 'x-request-timeout-ms': '400' } });
  expect(performance.now() - startedAt).toBeLessThan(1400);
  expect([status, body.data, body.errors[0]?.extensions]).toEqual([
    200,
    { order: null },
    { code: 'DEADLINE_EXCEEDED' },
  ]);
});

it('says that it is late in GraphQL’s shape even before GraphQL has begun', async () => {
  const silent = createServer(() => {});
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const settings = { ISSUER_JWKS_URL: `http://127.0.0.1:${port}/jwks`, REQUEST_TIMEOUT_MS: '300' };
  const stranded = await startTestApp(settings, undefined, bff);
  const accept = 'application/graphql-response+json';
  const { status, headers, body } = await stranded.ask(screen, { headers: { accept } });
  expect([status, body]).toEqual([
    504,
    { errors: [{ message: expect.any(String), extensions: { code: 'DEADLINE_EXCEEDED' } }] },
  ]);
  expect(headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
  await stranded.close();
  silent.closeAllConnections();
  silent.close();
});

it('cancels the calls to services when the client leaves', async () => {
  bff.services.orders.mood = 'hangs';
  const client = new AbortController();
  const left = bff
    .fetch('/graphql', {
      method: 'POST',
      signal: client.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await bff.token()}` },
      body: JSON.stringify({ query: '{ order(id: "ord_0001") { id } }' }),
    })
    .catch((thrown: unknown) => (thrown as Error).name);
  await until(() => bff.services.orders.calls.length === 1);
  client.abort();
  const leftAt = performance.now();
  expect(await left).toBe('AbortError');
  await until(() => bff.services.orders.abandoned === 1);
  process.stdout.write(
    `A5 downstream ends ${(performance.now() - leftAt).toFixed(0)} ms after the client left\n`,
  );
});

/** Waits for what another process-side event will bring; the test's own time limit ends it. */
async function until(happened: () => boolean): Promise<void> {
  const givesUpAt = performance.now() + 10_000;
  while (!happened()) {
    if (performance.now() > givesUpAt) throw new Error('It did not happen within ten seconds.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
