import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { orderOperations } from '@bff/contracts';
import { openRequest, openUpstream, order } from './testing/stand-in.ts';
import { cleanUpAfterEach } from './testing/clean-up-after-each.ts';

/** What one instance does to one request. All instances do the same, so a second attempt would be seen. */
interface FaultyInstance {
  readonly url: string;
  /** Requests that began to arrive. */
  readonly seen: () => number;
  readonly close: () => void;
}

const { lines, shippingAddress } = order;
const cleanUps = cleanUpAfterEach();

async function listen(server: Server, scheme: string): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

type OnHttp = (socket: Socket, received: string) => void;

async function startHttp(onData: OnHttp, onConnect: (socket: Socket) => void): Promise<FaultyInstance> {
  let seen = 0;
  const server = createServer((socket) => {
    let received = '';
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      received += text;
      seen += text.split('POST /v1/orders').length - 1;
      onData(socket, received);
    });
    onConnect(socket);
  });
  return { ...(await listen(server, 'http')), seen: () => seen };
}

const complete = (received: string) => received.includes('}}');
const afterAll =
  (run: (socket: Socket) => void): OnHttp =>
  (socket, received) => {
    if (complete(received)) run(socket);
  };
const answer = (status: string, body = '') =>
  afterAll((socket) => socket.write(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`));

const httpFaults: [string, OnHttp, ((socket: Socket) => void)?][] = [
  ['the connection is reset at once', () => undefined, (socket) => void socket.resetAndDestroy()],
  ['the connection is closed at once', () => undefined, (socket) => socket.end()],
  ['it is reset at the first byte', (socket) => void socket.resetAndDestroy()],
  ['it is closed at the first byte', (socket) => socket.destroy()],
  ['it is reset after the request', afterAll((socket) => void socket.resetAndDestroy())],
  ['it is closed after the request, without a byte of the answer', afterAll((socket) => socket.end())],
  ['it is closed within the status line', afterAll((socket) => socket.end('HTTP/1.1 20'))],
  ['it is closed within the headers', afterAll((socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-le'))],
  [
    'it is reset within the body',
    afterAll((socket) => {
      socket.write(
        'HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{"or',
        () => void socket.resetAndDestroy(),
      );
    }),
  ],
  ['the answer is no HTTP', afterAll((socket) => socket.end('SSH-2.0-x\r\n\r\n'))],
  ['the answer is cut JSON', answer('201 Created', '{"orderId":')],
  ['the answer never comes', () => undefined],
  ...['408', '425', '429', '500', '502', '503', '504'].map((status): [string, OnHttp] => [
    `it is answered with ${status}`,
    answer(`${status} Sorry`),
  ]),
];

async function startGrpc(
  onStream: (stream: ServerHttp2Stream) => void,
  onConnect: (socket: Socket) => void,
): Promise<FaultyInstance> {
  let seen = 0;
  const server = createHttp2Server();
  server.on('connection', onConnect);
  server.on('sessionError', () => undefined);
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream) => {
    seen++;
    stream.on('error', () => undefined);
    onStream(stream);
  });
  return { ...(await listen(server, 'grpc')), seen: () => seen };
}

const head = { ':status': 200, 'content-type': 'application/grpc' } as const;
const status = (code: number) => (stream: ServerHttp2Stream) => {
  stream.respond({ ...head, 'grpc-status': String(code) }, { endStream: true });
};
const onRequestEnd = (run: (stream: ServerHttp2Stream) => void) => (stream: ServerHttp2Stream) => {
  stream.on('end', () => run(stream));
  stream.resume();
};

const grpcFaults: [string, (stream: ServerHttp2Stream) => void, ((socket: Socket) => void)?][] = [
  ['the connection is reset at once', () => undefined, (socket) => void socket.resetAndDestroy()],
  ['the connection is closed at once', () => undefined, (socket) => void socket.end()],
  ['the connection dies when the request begins', (stream) => stream.session?.destroy()],
  ['the connection dies after the request', onRequestEnd((stream) => stream.session?.destroy())],
  [
    'the connection dies after the headers of the answer',
    onRequestEnd((stream) => {
      stream.respond(head);
      stream.write(Buffer.alloc(2), () => stream.session?.destroy());
    }),
  ],
  [
    'the server says goodbye and dies',
    onRequestEnd((stream) => {
      stream.session?.goaway(0, stream.id ?? 0);
      setImmediate(() => stream.session?.destroy());
    }),
  ],
  // NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, CANCEL, ENHANCE_YOUR_CALM
  ...[0, 1, 2, 8, 11].map((code): [string, (stream: ServerHttp2Stream) => void] => [
    `the stream is reset with code ${code}`,
    onRequestEnd((stream) => stream.close(code)),
  ]),
  [
    'it is answered with HTTP 503',
    onRequestEnd((stream) => stream.respond({ ':status': 503 }, { endStream: true })),
  ],
  ['the answer ends without a status', onRequestEnd((stream) => stream.respond(head, { endStream: true }))],
  [
    'the answer is no message',
    onRequestEnd((stream) => {
      stream.respond(head, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]));
    }),
  ],
  ['the answer never comes', () => undefined],
  // UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS
  ...[2, 4, 8, 10, 13, 14, 15].map((code): [string, (stream: ServerHttp2Stream) => void] => [
    `it is answered with status ${code}`,
    onRequestEnd(status(code)),
  ]),
];

describe('a write without a key', () => {
  async function callOnce(instances: readonly FaultyInstance[], key?: string): Promise<number> {
    const { upstream, orders } = openUpstream(instances.map(({ url }) => url).join(','), {
      policy: {},
      timeoutMs: 150,
    });
    const scope = openRequest(600);
    cleanUps.push(
      ...instances.map(({ close }) => close),
      () => scope.close(),
      () => upstream.close(),
    );
    const call = orders.create({ lines, shippingAddress }, { ...scope.context, idempotencyKey: key });
    expect((await Promise.allSettled([call]))[0].status).toBe('rejected');
    // What was sent beside the call would arrive now.
    await new Promise((resolve) => setTimeout(resolve, 30));
    return instances.reduce((sum, { seen }) => sum + seen(), 0);
  }

  it.each(httpFaults)(
    'is not sent twice over HTTP when %s',
    async (_what, onData, onConnect = () => undefined) => {
      const instances = await Promise.all([startHttp(onData, onConnect), startHttp(onData, onConnect)]);
      expect(await callOnce(instances)).toBeLessThanOrEqual(1);
    },
  );

  it.each(grpcFaults)(
    'is not sent twice over gRPC when %s',
    async (_what, onStream, onConnect = () => undefined) => {
      const instances = await Promise.all([startGrpc(onStream, onConnect), startGrpc(onStream, onConnect)]);
      expect(await callOnce(instances)).toBeLessThanOrEqual(1);
    },
  );

  it('would be seen twice: with a key it is sent to both', async () => {
    const onData = answer('500 Sorry');
    const instances = await Promise.all([
      startHttp(onData, () => undefined),
      startHttp(onData, () => undefined),
    ]);
    expect(await callOnce(instances, 'key')).toBeGreaterThanOrEqual(2);
    const onStream = onRequestEnd(status(13));
    const others = await Promise.all([
      startGrpc(onStream, () => undefined),
      startGrpc(onStream, () => undefined),
    ]);
    expect(await callOnce(others, 'key')).toBeGreaterThanOrEqual(2);
  });

  it('is not sent twice when an idle connection is closed just as it is sent', async () => {
    const body = JSON.stringify(orderOperations.get.response.toJson(order));
    let requests = 0;
    const onData: OnHttp = (socket, received) => {
      if (!complete(received)) return;
      requests++;
      if (requests === 1) {
        socket.write(
          `HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      } else {
        socket.resetAndDestroy();
      }
    };
    const instance = await startHttp(onData, () => undefined);
    const { upstream, orders } = openUpstream(instance.url, { policy: {} });
    const scope = openRequest();
    cleanUps.push(
      instance.close,
      () => scope.close(),
      () => upstream.close(),
    );
    const context = { ...scope.context, idempotencyKey: undefined };
    await orders.create({ lines, shippingAddress }, context);
    await expect(orders.create({ lines, shippingAddress }, context)).rejects.toThrow('not available');
    expect(instance.seen()).toBe(2);
  });
});
