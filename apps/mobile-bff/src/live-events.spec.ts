import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createTestKit } from '@bff/server-kit/testing';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { openRawEventStream, type RawEventStream } from './testing/raw-event-stream.ts';
import { orderUpdates } from './testing/raw-socket.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterAll(() => bff.close());

const id = 'ord_0001';

async function watchBy(app: RunningMobileBff, variables: { id: string; after?: string }) {
  return openRawEventStream(app.url, await bff.token(), { query: orderUpdates, variables });
}

async function nextUpdate(stream: RawEventStream) {
  const event = await stream.next();
  expect(event?.event).toBe('next');
  return JSON.parse(event!.data).data.orderUpdated;
}

describe('an order over server-sent events', () => {
  it('shows as it is, then each step of its shipment within a second', async () => {
    const stream = await watchBy(bff, { id });
    expect([stream.status, stream.headers.get('content-type'), stream.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store, no-transform',
    ]);
    expect(await nextUpdate(stream)).toMatchObject({ changed: [] });
    const startedAt = performance.now();
    bff.backend.moveShipment(id, 'out_for_delivery', 'Bike 7');
    expect(await nextUpdate(stream)).toMatchObject({
      changed: ['SHIPMENT'],
      order: { shipment: { latestEvent: { place: 'Bike 7' } } },
    });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    stream.leave();
    await until(() => bff.backend.changes.shipments.open === 0);
  });

  it('outlives the deadline of ordinary requests, and goes on elsewhere after a kill', async () => {
    const first = await startTestApp({ REQUEST_TIMEOUT_MS: '200', LIVE_PING_MS: '50' }, undefined, bff);
    const stream = await watchBy(first, { id });
    await nextUpdate(stream);
    bff.services.orders.moods.set('ord_0002', 'hangs');
    // Two deadlines, one after the other: what a source may take is a part of one.
    for (let deadline = 1; deadline <= 2; deadline++) {
      const { body } = await first.ask('{ order(id: "ord_0002") { id } }');
      expect(body.errors[0]?.extensions['code']).toBe('DEADLINE_EXCEEDED');
    }
    bff.services.orders.moods.delete('ord_0002');
    bff.backend.moveShipment(id, 'out_for_delivery', 'after the deadline');
    const { cursor, order } = await nextUpdate(stream);
    expect(order.shipment.latestEvent.place).toBe('after the deadline');
    await first.kill();
    await expect(stream.next()).rejects.toThrow();
    bff.backend.moveShipment(id, 'out_for_delivery', 'while away');
    const again = await watchBy(bff, { id, after: cursor });
    expect((await nextUpdate(again)).order.shipment.latestEvent.place).toBe('while away');
    again.leave();
  });

  it('ends without «complete» when the process drains, so that clients connect again', async () => {
    const drain = new AbortController();
    const kit = createTestKit({ name: 'mobile-bff', drain: drain.signal });
    const leaving = await startTestApp({}, kit, bff);
    const stream = await watchBy(leaving, { id });
    await nextUpdate(stream);
    drain.abort(new AppError('unavailable', 'stopping'));
    expect(await stream.next()).toBeUndefined();
    await leaving.close();
  });

  it('ends without «complete» when the token expires, so that clients come back with another', async () => {
    const token = await bff.token({ expiresIn: 2 });
    const stream = await openRawEventStream(bff.url, token, { query: orderUpdates, variables: { id } });
    await nextUpdate(stream);
    expect(await stream.next()).toBeUndefined();
  });

  it.each([
    ['a query', { query: '{ __typename }' }, 'BAD_REQUEST'],
    ['no GraphQL', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['nothing', {}, 'BAD_REQUEST'],
    ['a list', [], 'BAD_USER_INPUT'],
    ['variables of the wrong kind', { query: orderUpdates, variables: [1] }, 'BAD_REQUEST'],
  ])('refuses %s', async (_what, body, code) => {
    const answer = await bff.fetch('/graphql', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await bff.token()}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect([answer.status, answer.body.errors[0]?.extensions]).toEqual([400, { code }]);
  });

  it('needs a token, and a content type that no other site’s page can send', async () => {
    const ask = (headers: Record<string, string>) =>
      bff.fetch('/graphql', {
        method: 'POST',
        headers: { accept: 'text/event-stream', ...headers },
        body: JSON.stringify({ query: orderUpdates, variables: { id } }),
      });
    expect((await ask({ 'content-type': 'application/json' })).status).toBe(401);
    const authorization = `Bearer ${await bff.token()}`;
    expect((await ask({ authorization, 'content-type': 'text/plain' })).status).toBe(415);
    const byGet = await bff.fetch(`/graphql?query=${encodeURIComponent(orderUpdates)}`, {
      headers: { authorization, accept: 'text/event-stream' },
    });
    expect(byGet.status).toBe(400);
  });

  it('says in the stream when the order is not the caller’s', async () => {
    const token = await bff.token({ sub: 'bob' });
    const stream = await openRawEventStream(bff.url, token, { query: orderUpdates, variables: { id } });
    const { data } = (await stream.next())!;
    expect(JSON.parse(data).errors[0].extensions).toEqual({ code: 'NOT_FOUND' });
    expect((await stream.next())?.event).toBe('complete');
  });

  it('is cut for a client that does not read', async () => {
    // A stream of an earlier test that is still closing notices with the next change.
    bff.backend.moveShipment(id, 'out_for_delivery', 'nobody watches');
    await until(() => bff.backend.changes.shipments.open === 0);
    const impatient = await startTestApp({ LIVE_PING_MS: '100' }, undefined, bff);
    const { port } = new URL(impatient.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const body = JSON.stringify({ query: orderUpdates, variables: { id } });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${await bff.token()}\r\n` +
        `Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'readable');
    await until(() => bff.backend.changes.shipments.open === 1);
    // Fills what the kernel holds for a reader who never comes.
    const place = 'x'.repeat(300_000);
    let moves = 0;
    while (bff.backend.changes.shipments.open > 0 && moves < 500) {
      bff.backend.moveShipment(id, 'out_for_delivery', place);
      moves += 1;
      await new Promise<void>((resolve) => void setTimeout(resolve, 5));
    }
    expect(moves).toBeGreaterThan(5);
    expect(bff.backend.changes.shipments.open).toBe(0);
    socket.destroy();
    for (let again = 0; again < 4; again += 1)
      bff.backend.moveShipment(id, 'out_for_delivery', 'short again');
    await impatient.close();
  });
});

describe('the clients that teams use', () => {
  it('graphql-ws takes updates and connects again by itself when it is told to move on', async () => {
    const drain = new AbortController();
    const kit = createTestKit({ name: 'mobile-bff', drain: drain.signal });
    const leaving = await startTestApp({}, kit, bff);
    const urls = [leaving.url, bff.url];
    const token = await bff.token();
    const client = createWsClient({
      url: () => `${(urls.shift() ?? bff.url).replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryWait: async () => {},
    });
    const updates = client.iterate({ query: orderUpdates, variables: { id } });
    expect((await updates.next()).value.data.orderUpdated.changed).toEqual([]);
    drain.abort(new AppError('unavailable', 'stopping'));
    expect((await updates.next()).value.data.orderUpdated.changed).toEqual([]);
    await client.dispose();
    await leaving.close();
  });

  it('graphql-sse takes updates', async () => {
    const client = createSseClient({
      url: `${bff.url}/graphql`,
      headers: { authorization: `Bearer ${await bff.token()}` },
      retryAttempts: 0,
    });
    const updates = client.iterate({ query: orderUpdates, variables: { id } });
    const { value } = await updates.next();
    expect(value.data).toMatchObject({ orderUpdated: { changed: [] } });
    await updates.return?.();
    client.dispose();
  });
});

/** Waits for what another event will bring; the test's own time limit ends it. */
async function until(happened: () => boolean): Promise<void> {
  const givesUpAt = performance.now() + 10_000;
  while (!happened()) {
    if (performance.now() > givesUpAt) throw new Error('It did not happen within ten seconds.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
