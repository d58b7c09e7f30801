import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson, startFakeService, type FakeService } from '../testing/fake-service.ts';
import { openTestEdge, type TestEdge } from '../testing/open-test-edge.ts';
import { openRawWebSocket } from '../testing/raw-websocket.ts';

let bad: FakeService;
let good: FakeService;
let edge: TestEdge;

async function open(environment: Record<string, string> = {}) {
  // Of equal instances the last is taken.
  const urls = [good.url, bad.url];
  edge = await openTestEdge({ web: urls, mobile: urls }, environment);
}
beforeEach(async () => {
  bad = await startFakeService();
  good = await startFakeService();
  good.answer = answerJson(200, { from: 'good' });
  bad.answer = answerJson(200, { from: 'bad' });
});
afterEach(async () => {
  await edge.close();
  await Promise.all([bad.stop(), good.stop()]);
});

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});
const resetAtBad = () => {
  bad.answer = (request) => {
    request.resume();
    request.once('end', () => request.socket.resetAndDestroy());
  };
};

describe('a request through the edge', () => {
  it('keeps credentials, Host and body; where it came from is what the edge saw', async () => {
    await open();
    await fetch(`${edge.webUrl}/v1/orders?x=1`, {
      ...post('{"a":1}'),
      headers: {
        authorization: 'Bearer token',
        cookie: '__Host-session=1; b=2',
        origin: 'https://shop.example',
        'x-forwarded-for': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-user-id': 'bob',
        'x-request-retried': '1',
        'x-request-id': 'mine-1',
      },
    });
    const [seen] = bad.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/v1/orders?x=1', body: '{"a":1}' });
    expect(seen!.headers).toMatchObject({
      authorization: 'Bearer token',
      cookie: '__Host-session=1; b=2',
      origin: 'https://shop.example',
      host: new URL(edge.webUrl).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(edge.webUrl).host,
      'x-request-id': 'mine-1',
    });
    for (const name of ['forwarded', 'x-user-id', 'x-request-retried', 'x-request-timeout-ms']) {
      expect(seen!.headers).not.toHaveProperty(name);
    }
  });

  it.each([200, 401, 404, 429, 500, 503])('gets the BFF’s own answer: %d', async (status) => {
    await open();
    for (const one of [bad, good]) {
      one.answer = (request, response) => {
        response.writeHead(status, {
          'content-type': 'application/problem+json',
          'set-cookie': ['a=1', 'b=2'],
        });
        response.end('{"code":"its_own"}');
        request.resume();
      };
    }
    const response = await fetch(`${edge.webUrl}/v1/orders`, post('{}'));
    expect([response.status, await response.text(), response.headers.getSetCookie()]).toEqual([
      status,
      '{"code":"its_own"}',
      ['a=1', 'b=2'],
    ]);
  });
});

describe('an instance that dies in the middle of a request', () => {
  const key = { 'idempotency-key': 'k-1' };
  const query = JSON.stringify({ query: '{ orders { id } }' });

  it.each([
    ['a read', 'web', {}],
    ['a write with a key and a small body', 'web', post('{"a":1}', key)],
    ['a PUT', 'web', { ...post('{"a":1}'), method: 'PUT' }],
    ['a GraphQL query', 'mobile', post(query)],
  ])('loses nothing of %s', async (_what, entry, init) => {
    await open();
    resetAtBad();
    const response = await fetch(`${entry === 'web' ? edge.webUrl : edge.mobileUrl}/x`, init);
    expect(await response.json()).toEqual({ from: 'good' });
    expect(good.seen[0]).toMatchObject({ body: init.body ?? '', headers: { 'x-request-retried': '1' } });
  });

  it.each([
    ['a write without a key', 'web', post('{"a":1}')],
    ['a write whose body is too large to keep', 'web', post('x'.repeat(70_000), key)],
    ['a GraphQL mutation', 'mobile', post(JSON.stringify({ query: 'mutation { cancel { id } }' }))],
    ['a GraphQL document in disguise', 'mobile', post('{"query":"mut\\u0061tion { cancel { id } }"}')],
    ['a GraphQL document by its hash', 'mobile', post('{"extensions":{"persistedQuery":{}}}')],
  ])('is a 502 for %s, which nobody gets twice', async (_what, entry, init) => {
    await open();
    resetAtBad();
    const response = await fetch(`${entry === 'web' ? edge.webUrl : edge.mobileUrl}/x`, init);
    expect(response.status).toBe(502);
    expect(good.seen).toEqual([]);
    expect(JSON.stringify(await response.json())).not.toMatch(/127\.0\.0\.1|ECONN/);
  });

  it('is no matter when it refuses the connection: any request goes to another one', async () => {
    await open();
    await bad.stop();
    const response = await fetch(`${edge.webUrl}/v1/orders`, post('x'.repeat(70_000)));
    expect([await response.json(), good.seen[0]!.body.length]).toEqual([{ from: 'good' }, 70_000]);
  });

  it('is noticed when it only freezes', async () => {
    await open({ BFF_TIMEOUT_MS: '100' });
    bad.answer = () => undefined;
    expect(await (await fetch(`${edge.webUrl}/v1/orders`)).json()).toEqual({ from: 'good' });
  });

  it('is a 504 when all freeze', async () => {
    await open({ BFF_TIMEOUT_MS: '50', REQUEST_TIMEOUT_MS: '150' });
    bad.answer = good.answer = () => undefined;
    expect((await fetch(`${edge.webUrl}/v1/orders`)).status).toBe(504);
  });
});

describe('server-sent events', () => {
  const events = (text: string) => (request: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (text !== '') response.write(text);
  };
  const accept = { headers: { accept: 'text/event-stream' } };

  it('arrive one by one and last longer than any request', async () => {
    await open({ REQUEST_TIMEOUT_MS: '100' });
    let send: (text: string) => void = () => undefined;
    good.answer = () => undefined;
    bad.answer = (request, response) => {
      if (request.headers.accept !== 'text/event-stream') return;
      events('')(request, response);
      send = (text) => void response.write(text);
    };
    // The head comes before the first event.
    const response = await fetch(`${edge.webUrl}/v1/events`, accept);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    // An ordinary request that came later is over.
    expect((await fetch(`${edge.webUrl}/v1/orders`)).status).toBe(504);
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      send(text);
      expect((await reader.read()).value).toBe(text);
    }
    await reader.cancel();
  });

  it('end when the edge stops, so that the browser connects elsewhere, and break when the instance dies', async () => {
    await open();
    bad.answer = good.answer = events('data: 1\n\n');
    const first = await fetch(`${edge.webUrl}/v1/events`, accept);
    const second = await fetch(`${edge.webUrl}/v1/events`, accept);
    await bad.stop();
    await good.stop();
    await expect(first.text()).rejects.toThrow('terminated');
    await expect(second.text()).rejects.toThrow('terminated');
    bad = await startFakeService();
    good = await startFakeService();
    await edge.close();
    await open();
    bad.answer = events('data: 1\n\n');
    const third = await fetch(`${edge.webUrl}/v1/events`, accept);
    const text = third.text();
    await edge.close(5_000);
    expect(await text).toBe('data: 1\n\n');
  });
});

describe('a WebSocket', () => {
  const echo: FakeService['upgrade'] = (_request, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Own: 1\r\n\r\nhello',
    );
    socket.on('data', (chunk: Buffer) => socket.write(`echo ${chunk.toString()}`));
  };

  it('is connected through, with cookies, until the instance ends it', async () => {
    await open();
    let atBff: import('node:stream').Duplex | undefined;
    let seen: import('node:http').IncomingMessage | undefined;
    bad.upgrade = (request, socket) => {
      [seen, atBff] = [request, socket];
      echo(request, socket);
    };
    const opened = await openRawWebSocket(`${edge.mobileUrl}/graphql`, { cookie: 'a=1', 'x-user-id': 'bob' });
    expect(opened.response.headers).toMatchObject({ upgrade: 'websocket', 'x-own': '1' });
    expect(await opened.next()).toBe('hello');
    opened.socket.write('ping');
    expect(await opened.next()).toBe('echo ping');
    expect(seen!.headers).toMatchObject({
      cookie: 'a=1',
      host: new URL(edge.mobileUrl).host,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(seen!.headers).not.toHaveProperty('x-user-id');
    atBff!.destroy();
    await opened.closed();
  });

  it.each([
    ['refuses the connection', () => bad.stop()],
    ['breaks off the handshake', () => void (bad.upgrade = (_request, socket) => socket.destroy())],
    ['never answers', () => void (bad.upgrade = () => undefined)],
  ])('goes to another instance when one %s', async (_what, fault) => {
    await open({ BFF_TIMEOUT_MS: '100' });
    good.upgrade = echo;
    await fault();
    const opened = await openRawWebSocket(`${edge.webUrl}/live`);
    expect(await opened.next()).toBe('hello');
    opened.socket.destroy();
  });

  it('is refused as the BFF refuses it, and leaves no connection when its client goes', async () => {
    await open();
    await expect(openRawWebSocket(`${edge.webUrl}/live`)).rejects.toThrow('status 403');
    await expect(openRawWebSocket(`${edge.webUrl}/live`, { upgrade: 'h2c' })).rejects.toThrow('status 400');
    const closed = new Promise<void>((resolve) => {
      bad.upgrade = good.upgrade = (request, socket) => {
        socket.once('close', () => resolve());
        echo(request, socket);
      };
    });
    (await openRawWebSocket(`${edge.webUrl}/live`)).socket.destroy();
    await closed;
    const pending = () =>
      (edge.info()['upstreams'] as Record<string, { pending: number }[]>)['web-bff']!.map(
        (one) => one.pending,
      );
    // The edge learns of it a moment after the instance.
    while (pending().some((count) => count > 0)) await new Promise((resolve) => setImmediate(resolve));
  });

  it.each([
    ['says goodbye between two frames', [0x81, 1, 97], [0x88, 2, 3, 0xe9]],
    ['says nothing in the middle of one', [0x81, 2, 97], []],
  ])('ends when the edge stops, which %s', async (_what, sent, last) => {
    await open();
    bad.upgrade = (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.write(Buffer.from(sent));
    };
    const { socket } = await openRawWebSocket(`${edge.webUrl}/live`);
    const chunks: Buffer[] = [];
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).length >= sent.length) resolve();
      });
    });
    await edge.close(5_000);
    await ended;
    expect([...Buffer.concat(chunks)]).toEqual([...sent, ...last]);
  });
});

describe('what the edge counts', () => {
  it('is every attempt by instance, and the state of each', async () => {
    await open();
    resetAtBad();
    await fetch(`${edge.webUrl}/v1/orders`);
    const metrics = await edge.kit.metrics.expose();
    const attempt = (service: FakeService, outcome: string) =>
      new RegExp(
        `upstream_attempt_duration_seconds_count\\{.*upstream="web-bff",endpoint="${new URL(service.url).host}",operation="GET",outcome="${outcome}".*\\} 1`,
      );
    expect(metrics).toMatch(attempt(bad, 'unavailable'));
    expect(metrics).toMatch(attempt(good, 'ok'));
    expect(metrics).toMatch(
      new RegExp(
        `upstream_endpoint_available\\{upstream="web-bff",endpoint="${new URL(bad.url).host}".*\\} 0`,
      ),
    );
    expect(metrics).toMatch(/upstream_decisions_total\{.*event="ejected",reason="connection"/);
  });
});
