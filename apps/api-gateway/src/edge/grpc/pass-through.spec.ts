import { constants, type ServerHttp2Stream } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestEdge, type TestEdge } from '../../testing/open-test-edge.ts';
import {
  answerMessage,
  answerStatus,
  startFakeGrpcBff,
  type FakeGrpcBff,
} from '../../testing/fake-grpc-bff.ts';
import { openGrpcClient, readPath, writePath } from '../../testing/grpc-client.ts';
import { writeFrame } from './message-frame.ts';

let bff: FakeGrpcBff;
let edge: TestEdge;
let client: ReturnType<typeof openGrpcClient>;
beforeEach(async () => {
  bff = await startFakeGrpcBff();
  edge = await openTestEdge({ wearable: [bff.url] });
  client = openGrpcClient(edge.wearableUrl);
});
afterEach(async () => {
  client.close();
  await edge.close();
  await bff.stop();
});

const nextCall = () =>
  new Promise<ServerHttp2Stream>((resolve) => {
    bff.answer = (stream) => resolve(stream);
  });
const closed = (stream: { once(event: 'close', run: () => void): unknown }) =>
  new Promise<void>((resolve) => stream.once('close', resolve));

describe('a call through the edge', () => {
  it('keeps its messages, head, trailers and credentials; what a client claims is replaced', async () => {
    const result = await client.call(writePath, {
      authorization: 'Bearer token',
      cookie: 'a=b',
      'x-custom-bin': 'AAEC',
      'x-forwarded-for': '6.6.6.6',
      'x-user-id': 'bob',
      x_user_id: 'bob',
      'x-request-retried': '1',
      'x-request-id': 'mine-1',
    });
    expect([result.status, result.message]).toEqual(['0', 'bff']);
    expect(result.head).toMatchObject({ ':status': 200, 'content-type': 'application/grpc', 'x-head': 'h' });
    expect(result.trailers).toMatchObject({ 'grpc-status': '0', 'x-trailer': 't' });
    expect(bff.seen[0]).toMatchObject({
      authorization: 'Bearer token',
      cookie: 'a=b',
      'x-custom-bin': 'AAEC',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-request-id': 'mine-1',
      te: 'trailers',
      ':path': writePath,
    });
    for (const name of ['x-user-id', 'x_user_id', 'x-request-retried', 'grpc-timeout']) {
      expect(bff.seen[0]).not.toHaveProperty(name);
    }
  });

  it('ends with the status of an answer that has no message', async () => {
    bff.answer = answerStatus(5, { 'grpc-message': 'no such order', 'x-detail': '1' });
    const { status, head } = await client.call(readPath);
    expect([status, head['grpc-message'], head['x-detail']]).toEqual(['5', 'no such order', '1']);
    expect(bff.seen).toHaveLength(1);
  });

  it('carries metadata of 12 KB both ways, and is refused with more than 16', async () => {
    const big = 'x'.repeat(12 * 1024);
    bff.answer = answerStatus(0, { 'x-big': big });
    const { head } = await client.call(writePath, { 'x-big': big });
    expect([head['x-big'], bff.seen[0]!['x-big']]).toEqual([big, big]);
    const refused = await client.call(writePath, { 'x-big': 'x'.repeat(20 * 1024) });
    expect(refused.status).toBeUndefined();
    expect(bff.seen).toHaveLength(1);
    // The client above has kept to the limit by itself; one that has not heard of it yet does not.
    const hasty = openGrpcClient(edge.wearableUrl);
    expect((await hasty.call(writePath, { 'x-big': 'x'.repeat(20 * 1024) })).status).toBe('8');
    expect(bff.seen).toHaveLength(1);
    expect((await hasty.call(writePath)).status).toBe('0');
    hasty.close();
  });

  it.each([
    ['a GET', { ':method': 'GET' }, '3'],
    ['another content type', { 'content-type': 'text/plain' }, '3'],
    ['a path that is none', { ':path': '/a/../b' }, '12'],
    ['a path that leads elsewhere', { ':path': '/../b' }, '12'],
    ['a malformed deadline', { 'grpc-timeout': 'soon' }, '3'],
  ])('is refused when it is no gRPC call: %s', async (_what, headers, status) => {
    expect((await client.call(writePath, headers)).status).toBe(status);
    expect(bff.seen).toEqual([]);
    expect((await client.call(writePath)).status).toBe('0');
  });

  it('gives the BFF less time than the client has, and ends on time when nothing comes', async () => {
    bff.answer = () => undefined;
    const startedAt = performance.now();
    const { status } = await client.call(writePath, { 'grpc-timeout': '200m' });
    expect(status).toBe('4');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    const given = Number(/^(\d+)m$/.exec(String(bff.seen[0]!['grpc-timeout']))![1]);
    expect(given).toBeLessThan(200);
    expect(given).toBeGreaterThan(100);
  });

  it('is cancelled at the BFF when its client cancels', async () => {
    const arrived = nextCall();
    const stream = client.open(writePath);
    stream.write(writeFrame(Buffer.from('x')));
    const atBff = await arrived;
    const gone = closed(atBff);
    const leftAt = performance.now();
    stream.close(constants.NGHTTP2_CANCEL);
    await gone;
    expect(atBff.rstCode).toBe(constants.NGHTTP2_CANCEL);
    expect(performance.now() - leftAt).toBeLessThan(500);
  });

  it('ends with the code of a reset', async () => {
    bff.answer = (stream) => {
      // Without it, closing would end the answer in order first.
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.write(writeFrame(Buffer.from('first')), () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
    };
    const { message, resetCode } = await client.call(writePath);
    expect([message, resetCode]).toEqual(['first', constants.NGHTTP2_ENHANCE_YOUR_CALM]);
  });

  it('ends with UNAVAILABLE when the instance dies in the middle of a stream', async () => {
    bff.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(writeFrame(Buffer.from('first')), () => stream.session!.destroy());
    };
    const { message, status } = await client.call(writePath);
    expect([message, status]).toEqual(['first', '14']);
  });
});

describe('many calls on one connection', () => {
  it('run side by side, a hundred of them', async () => {
    const held: ServerHttp2Stream[] = [];
    bff.answer = (stream, headers) => {
      held.push(stream);
      if (held.length === 100) for (const one of held) answerMessage('together')(one, headers);
    };
    const results = await Promise.all(Array.from({ length: 100 }, () => client.call(writePath)));
    expect(new Set(results.map(({ status, message }) => `${status} ${message}`))).toEqual(
      new Set(['0 together']),
    );
    expect(bff.sessions.size).toBe(1);
  });

  it('use further connections when an instance takes no more on one', async () => {
    await edge.close();
    await bff.stop();
    bff = await startFakeGrpcBff('narrow', { maxConcurrentStreams: 10 });
    edge = await openTestEdge({ wearable: [bff.url] });
    client = openGrpcClient(edge.wearableUrl);
    const held: ServerHttp2Stream[] = [];
    // The first call makes the limit known.
    await client.call(writePath);
    bff.answer = (stream, headers) => {
      held.push(stream);
      if (held.length === 30) for (const one of held) answerMessage('together')(one, headers);
    };
    const results = await Promise.all(Array.from({ length: 30 }, () => client.call(writePath)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['0']));
    expect(bff.sessions.size).toBe(3);
  });
});

describe('flow control', () => {
  const megabyte = Buffer.alloc(1024 * 1024);
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('holds the BFF back while a client does not read, and other calls go on', async () => {
    let sent = 0;
    bff.answer = (stream) => {
      stream.resume();
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      const send = () => {
        while (sent < 20) {
          sent++;
          if (!stream.write(megabyte)) {
            stream.once('drain', send);
            return;
          }
        }
        stream.end();
      };
      send();
    };
    const slow = client.open(writePath);
    slow.pause();
    const head = new Promise((resolve) => slow.once('response', resolve));
    slow.end();
    await head;
    bff.answer = answerMessage('quick');
    // While one reader stands still, others on the same connections are served.
    for (let call = 0; call < 20; call++) expect((await client.call(readPath)).message).toBe('quick');
    await turns(200);
    expect(sent).toBeLessThanOrEqual(3);
    let received = 0;
    let status: unknown;
    slow.on('data', (chunk: Buffer) => (received += chunk.length));
    slow.resume();
    slow.on('trailers', (trailers) => (status = trailers['grpc-status']));
    await closed(slow);
    expect([received, status]).toEqual([20 * megabyte.length, '0']);
  }, 20_000);

  it('holds a client back while the BFF does not read', async () => {
    const arrived = nextCall();
    const stream = client.open(writePath);
    let accepted = 0;
    const send = () => {
      while (accepted < 20) {
        accepted++;
        if (!stream.write(megabyte)) {
          stream.once('drain', send);
          return;
        }
      }
      stream.end();
    };
    send();
    const atBff = await arrived;
    await turns(500);
    expect(accepted).toBeLessThanOrEqual(3);
    let received = 0;
    atBff.on('data', (chunk: Buffer) => (received += chunk.length));
    await new Promise((resolve) => atBff.once('end', resolve));
    expect(received).toBe(20 * megabyte.length);
    atBff.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' },
      { endStream: true },
    );
    stream.resume();
    await closed(stream);
  }, 20_000);
});
