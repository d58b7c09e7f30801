import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createTestKit } from '@bff/server-kit/testing';
import { openRawSocket, orderUpdates, watchBySocket } from './testing/raw-socket.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp({ LIVE_MAX_SUBSCRIPTIONS: '2', LIVE_MAX_PER_USER: '5' });
});
afterAll(() => bff.close());

const ord = (number: number) => `ord_${String(number).padStart(4, '0')}`;

describe('an order over a WebSocket', () => {
  it('shows as it is, then each step of its shipment within a second', async () => {
    const raw = await watchBySocket(bff.url, await bff.token(), { id: ord(1) });
    const first = await raw.next();
    expect(first).toMatchObject({
      type: 'next',
      id: 'orders',
      payload: { data: { orderUpdated: { changed: [], order: { shipment: { status: 'IN_TRANSIT' } } } } },
    });
    const startedAt = performance.now();
    bff.backend.moveShipment(ord(1), 'out_for_delivery', 'Bike 7');
    const second = await raw.next();
    const tookMs = performance.now() - startedAt;
    expect(second.payload.data.orderUpdated).toMatchObject({
      changed: ['SHIPMENT'],
      order: { shipment: { status: 'OUT_FOR_DELIVERY', latestEvent: { place: 'Bike 7' } } },
    });
    expect(tookMs).toBeLessThan(1000);
    raw.send({ type: 'complete', id: 'orders' });
    raw.close();
    await until(() => bff.backend.changes.shipments.open === 0);
  });

  it('goes on elsewhere after a kill, without missing or repeating a step', async () => {
    const first = await startTestApp({}, undefined, bff);
    const second = await startTestApp({}, undefined, bff);
    const token = await bff.token();
    const raw = await watchBySocket(first.url, token, { id: ord(1) });
    const steps: string[] = [];
    let cursor = '';
    const read = async (from: typeof raw) => {
      const { cursor: at, order } = (await from.next()).payload.data.orderUpdated;
      cursor = at as string;
      steps.push(order.shipment.latestEvent.place as string);
    };
    await read(raw);
    bff.backend.moveShipment(ord(1), 'out_for_delivery', 'step 1');
    await read(raw);
    await first.kill();
    expect((await raw.closed).code).toBe(1006);
    bff.backend.moveShipment(ord(1), 'out_for_delivery', 'step 2');
    bff.backend.moveShipment(ord(1), 'out_for_delivery', 'step 3');
    const again = await watchBySocket(second.url, token, { id: ord(1), after: cursor });
    await read(again);
    await read(again);
    bff.backend.moveShipment(ord(1), 'delivered', 'step 4');
    await read(again);
    expect(steps.slice(1)).toEqual(['step 1', 'step 2', 'step 3', 'step 4']);
    again.close();
    await second.close();
  });

  it('of another user, one that is not there, and a made-up position are refused by name', async () => {
    const token = await bff.token({ sub: 'bob' });
    for (const [variables, code] of [
      [{ id: ord(1) }, 'NOT_FOUND'],
      [{ id: 'pay_0001' }, 'NOT_FOUND'],
      [{ id: ord(1), after: 'made up' }, 'BAD_USER_INPUT'],
    ] as const) {
      const raw = await watchBySocket(bff.url, token, variables);
      const { payload, type } = await raw.next();
      const errors = type === 'error' ? payload : payload.errors;
      expect(errors[0].extensions.code).toBe(code);
      raw.close();
      await raw.closed;
    }
  });
});

describe('the token', () => {
  it('may come in the header instead', async () => {
    const headers = { authorization: `Bearer ${await bff.token()}` };
    const raw = await openRawSocket(bff.url, { headers });
    raw.send({ type: 'connection_init' });
    expect(await raw.next()).toEqual({ type: 'connection_ack' });
    raw.close();
  });

  it('is checked in the header before the connection is one', async () => {
    const headers = { authorization: 'Bearer nonsense' };
    await expect(openRawSocket(bff.url, { headers })).rejects.toThrow('401');
  });

  it.each([[undefined], [{}], [{ authorization: 'Bearer nonsense' }], [{ authorization: 7 }]])(
    'is needed in connection_init: %j',
    async (payload) => {
      const raw = await openRawSocket(bff.url);
      raw.send({ type: 'connection_init', payload });
      expect(await raw.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    },
  );

  it('ends the connection when it expires, so that the client comes back with another', async () => {
    const raw = await watchBySocket(bff.url, await bff.token({ expiresIn: 2 }), { id: ord(1) });
    expect((await raw.next()).type).toBe('next');
    expect(await raw.closed).toEqual({ code: 4403, reason: 'The access token has expired' });
  });
});

describe('a connection', () => {
  it('from a stranger’s page, to another path or in another language is refused', async () => {
    const origin = { origin: 'https://evil.example' };
    await expect(openRawSocket(bff.url, { headers: origin })).rejects.toThrow('403');
    await expect(openRawSocket(bff.url, { path: '/other' })).rejects.toThrow('404');
    const own = await openRawSocket(bff.url, { headers: { origin: bff.url } });
    own.close();
    await expect(openRawSocket(bff.url, { protocol: 'graphql-ws' })).rejects.toThrow();
  });

  it('that is refused and torn down at once harms nobody', async () => {
    const { port } = new URL(bff.url);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `GET /elsewhere HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`,
        () => void socket.resetAndDestroy(),
      );
      await once(socket, 'close');
    }
    expect((await bff.ask('{ __typename }')).status).toBe(200);
  });

  it('has room for so many subscriptions and no more', async () => {
    const raw = await watchBySocket(bff.url, await bff.token(), { id: ord(1) });
    await raw.next();
    for (const id of ['b', 'c']) {
      raw.send({ type: 'subscribe', id, payload: { query: orderUpdates, variables: { id: ord(1) } } });
    }
    const answers = [await raw.next(), await raw.next()];
    const refused = answers.find(({ type }) => type === 'error');
    expect(refused).toMatchObject({ payload: [{ extensions: { code: 'RESOURCE_EXHAUSTED' } }] });
    expect(answers.find(({ type }) => type === 'next')).toBeDefined();
    raw.close();
    await raw.closed;
  });

  it('is one of so many of its user', async () => {
    const token = await bff.token({ sub: 'carol' });
    const open = async () => {
      const raw = await openRawSocket(bff.url);
      raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      return raw;
    };
    const raws = await Promise.all(Array.from({ length: 5 }, open));
    for (const raw of raws) expect((await raw.next()).type).toBe('connection_ack');
    expect((await (await open()).closed).code).toBe(1013);
    raws[0]!.close();
    await raws[0]!.closed;
    const later = await open();
    expect((await later.next()).type).toBe('connection_ack');
    for (const raw of [...raws, later]) raw.close();
  });

  it.each([
    ['a query', '{ __typename }', 'BAD_REQUEST'],
    ['a mutation', 'mutation { __typename }', 'BAD_REQUEST'],
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too many aliases',
      `subscription { orderUpdated(id: "ord_0001") { order { ${'a: id '.repeat(20)} } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['nothing', '', 'BAD_REQUEST'],
  ])('refuses %s and lives on', async (_what, query, code) => {
    const raw = await openRawSocket(bff.url);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${await bff.token()}` } });
    await raw.next();
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    const { type, payload } = await raw.next();
    expect([type, payload[0].extensions]).toEqual(['error', { code }]);
    raw.send({ type: 'ping' });
    expect(await raw.next()).toEqual({ type: 'pong' });
    raw.close();
  });

  it.each([
    ['text that is no JSON', 'nonsense', 4400],
    [
      'a subscription before it is known who asks',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}"}}',
      4401,
    ],
    ['a message over the limit', 'x'.repeat(200_000), 1009],
  ])('is closed for %s', async (_what, text, code) => {
    const raw = await openRawSocket(bff.url);
    raw.socket.send(text);
    expect((await raw.closed).code).toBe(code);
  });

  it('that gives no sign of life is cut', async () => {
    const impatient = await startTestApp({ LIVE_PING_MS: '100' }, undefined, bff);
    const raw = await watchBySocket(impatient.url, await bff.token(), { id: ord(1) });
    await raw.next();
    // A frozen client: its kernel takes bytes, and nobody answers a ping.
    raw.socket.pause();
    await until(() => bff.backend.changes.shipments.open === 0);
    raw.socket.terminate();
    await impatient.close();
  });
});

it('tells clients to move on when the process drains, and takes no new ones', async () => {
  const drain = new AbortController();
  const kit = createTestKit({ name: 'mobile-bff', drain: drain.signal });
  const leaving = await startTestApp({}, kit, bff);
  const raw = await watchBySocket(leaving.url, await bff.token(), { id: ord(1) });
  await raw.next();
  drain.abort(new AppError('unavailable', 'stopping'));
  expect(await raw.closed).toEqual({ code: 1001, reason: 'Going away' });
  const late = await openRawSocket(leaving.url);
  late.send({ type: 'connection_init', payload: { authorization: `Bearer ${await bff.token()}` } });
  expect((await late.closed).code).toBe(1013);
  await leaving.close();
});

/** Waits for what another event will bring; the test's own time limit ends it. */
async function until(happened: () => boolean): Promise<void> {
  const givesUpAt = performance.now() + 10_000;
  while (!happened()) {
    if (performance.now() > givesUpAt) throw new Error('It did not happen within ten seconds.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
