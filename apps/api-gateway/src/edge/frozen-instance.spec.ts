import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestEdge, type TestEdge } from '../testing/open-test-edge.ts';
import { openRawWebSocket } from '../testing/raw-websocket.ts';

let bad: FakeService;
let good: FakeService;
let edge: TestEdge;
beforeEach(async () => {
  bad = await startFakeService();
  good = await startFakeService();
  // Of equal instances the last is taken.
  const urls = [good.url, bad.url];
  edge = await openTestEdge({ web: urls, mobile: urls }, { BFF_HEALTH_CHECK_MS: '100' });
});
afterEach(async () => {
  await edge.close();
  await Promise.all([bad.stop(), good.stop()]);
});

const stateOfBad = () =>
  (edge.info()['upstreams'] as Record<string, { state: string }[]>)['web-bff']![1]!.state;
const ejected = async () => {
  while (stateOfBad() === 'available') await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Sends the head and the first part, then keeps the rest. */
function answerInParts(type: string) {
  let held: ServerResponse | undefined;
  bad.answer = (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': type });
    response.write('data: 1\n\n');
    held = response;
  };
  return () => held!;
}

describe('an instance that freezes in the middle of its answers', () => {
  it('has its event streams ended in order, so that browsers connect elsewhere', async () => {
    answerInParts('text/event-stream');
    const response = await fetch(`${edge.webUrl}/v1/events`, { headers: { accept: 'text/event-stream' } });
    bad.health = 'no_answer';
    expect(await response.text()).toBe('data: 1\n\n');
    expect((await fetch(`${edge.webUrl}/v1/orders`)).status).toBe(200);
    expect(good.seen).toHaveLength(1);
  });

  it('has its other answers broken off: they are not whole', async () => {
    answerInParts('application/octet-stream');
    const response = await fetch(`${edge.webUrl}/v1/export`);
    bad.health = 'no_answer';
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('has its WebSockets ended', async () => {
    bad.upgrade = (_request, socket) =>
      void socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      );
    const { closed } = await openRawWebSocket(`${edge.webUrl}/live`);
    bad.health = 'no_answer';
    await closed();
  });
});

describe('an instance that drains', () => {
  it('ends its event streams and WebSockets itself', async () => {
    const held = answerInParts('text/event-stream');
    let atBad: Duplex | undefined;
    bad.upgrade = (_request, socket) => {
      atBad = socket;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    };
    const response = await fetch(`${edge.webUrl}/v1/events`, { headers: { accept: 'text/event-stream' } });
    const socket = await openRawWebSocket(`${edge.mobileUrl}/graphql`);
    bad.health = 'not_ready';
    await ejected();
    const since = performance.now();
    // Longer than silence would be borne.
    while (performance.now() - since < 1_000) await new Promise((resolve) => setTimeout(resolve, 20));
    const word = socket.next();
    atBad!.write('still here');
    expect(await word).toBe('still here');
    held().end('data: 2\n\n');
    expect(await response.text()).toBe('data: 1\n\ndata: 2\n\n');
    socket.socket.destroy();
  });
});
