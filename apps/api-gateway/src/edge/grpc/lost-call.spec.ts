import { constants, type ServerHttp2Stream } from 'node:http2';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { AppError } from '@bff/core';
import { encodeStatusDetails } from '@bff/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  answerMessage,
  answerStatus,
  startFakeGrpcBff,
  type FakeGrpcBff,
} from '../../testing/fake-grpc-bff.ts';
import { openGrpcClient, readPath, writePath } from '../../testing/grpc-client.ts';
import { openTestEdge, type TestEdge } from '../../testing/open-test-edge.ts';
import { writeFrame } from './message-frame.ts';

let bad: FakeGrpcBff;
let good: FakeGrpcBff;
let edge: TestEdge;
let client: ReturnType<typeof openGrpcClient>;

async function open(environment: Record<string, string> = {}) {
  // Of equal instances the last is taken.
  edge = await openTestEdge({ wearable: [good.url, bad.url] }, environment);
  client = openGrpcClient(edge.wearableUrl);
}
beforeEach(async () => {
  bad = await startFakeGrpcBff('bad');
  good = await startFakeGrpcBff('good');
});
afterEach(async () => {
  client.close();
  await edge.close();
  await Promise.all([bad.stop().catch(() => undefined), good.stop()]);
});

const refuse = (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM);
/** Below every stream: none of them was processed. */
const goAway = (stream: ServerHttp2Stream) => {
  stream.session!.goaway(constants.NGHTTP2_NO_ERROR, 1);
  stream.session!.destroy();
};
const lose = (stream: ServerHttp2Stream) => void stream.once('data', () => stream.session!.destroy());

describe('a call that was surely not processed is made elsewhere, whatever it does', () => {
  it.each([
    ['refused stream', refuse],
    ['GOAWAY below it', goAway],
  ])('%s', async (_what, answer) => {
    await open();
    // Opens the connection, so that there is a stream below.
    await client.call(writePath);
    bad.answer = answer;
    const { message } = await client.call(writePath, {}, 'the request');
    expect(message).toBe('good');
    expect(good.seen[0]).toMatchObject({ 'x-request-retried': '1', ':path': writePath });
  });

  it('connection refused', async () => {
    await open();
    await bad.stop();
    expect((await client.call(writePath)).message).toBe('good');
    // It is not asked again for now.
    expect((await client.call(writePath)).message).toBe('good');
  });

  it('with its whole body, as long as that is small', async () => {
    await open();
    const text = 'x'.repeat(50_000);
    bad.answer = (stream) => {
      stream.resume();
      stream.once('end', () => refuse(stream));
    };
    let received = 0;
    good.answer = (stream, headers) => {
      stream.on('data', (chunk: Buffer) => (received += chunk.length));
      answerMessage('good')(stream, headers);
    };
    expect((await client.call(writePath, {}, text)).message).toBe('good');
    expect(received).toBe(text.length + 5);
  });
});

describe('a call that was perhaps processed', () => {
  it.each([
    ['a read', readPath, {}],
    ['one with an idempotency key', writePath, { 'idempotency-key': 'k-1' }],
  ])('is made elsewhere when it is %s', async (_what, path, headers) => {
    await open();
    bad.answer = lose;
    expect((await client.call(path, headers)).message).toBe('good');
    expect([bad.seen.length, good.seen.length]).toEqual([1, 1]);
  });

  it('is not made again otherwise, and ends with UNAVAILABLE', async () => {
    await open();
    bad.answer = lose;
    const { status, head } = await client.call(writePath);
    expect([status, decodeURIComponent(String(head['grpc-message'])), good.seen.length]).toEqual([
      '14',
      expect.stringContaining('it is not known whether the request was carried out'),
      0,
    ]);
    expect(JSON.stringify(head)).not.toMatch(/127\.0\.0\.1|ECONN|RST/);
  });

  it('is believed when the BFF says that all has been tried behind it', async () => {
    await open();
    const details = encodeStatusDetails(new AppError('upstream_failed', 'x')).toString('base64');
    bad.answer = answerStatus(14, { 'grpc-status-details-bin': details });
    expect((await client.call(readPath)).status).toBe('14');
    expect(good.seen).toEqual([]);
    // Without that word another instance may do better.
    bad.answer = answerStatus(14);
    expect((await client.call(readPath)).message).toBe('good');
  });
});

describe('an instance that freezes', () => {
  it('loses its reads to another one', async () => {
    await open({ BFF_TIMEOUT_MS: '100' });
    bad.answer = () => undefined;
    expect((await client.call(readPath)).message).toBe('good');
  });

  it('is found out by its silence, and its streams end so that they can be resumed', async () => {
    await open({ BFF_HEALTH_CHECK_MS: '50' });
    bad.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(writeFrame(Buffer.from('first')));
      bad.healthy = false;
    };
    const { message, status } = await client.call('/wearable.v1.WearableService/WatchOrder');
    expect([message, status]).toEqual(['first', '14']);
    expect((await client.call(writePath)).message).toBe('good');
  });
});

describe('an edge that stops', () => {
  it('ends streams with UNAVAILABLE and finishes calls', async () => {
    await open();
    bad.answer = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(writeFrame(Buffer.from('first')));
    };
    const stream = client.open('/wearable.v1.WearableService/WatchOrder');
    const trailers = new Promise<Record<string, unknown>>((resolve) => stream.once('trailers', resolve));
    await new Promise((resolve) => stream.once('data', resolve));
    let finish: () => void = () => undefined;
    const atBff = new Promise<void>((resolve) => {
      bad.answer = good.answer = (call, headers) => {
        finish = () => answerMessage('finished')(call, headers);
        resolve();
      };
    });
    const call = client.call(writePath);
    await atBff;
    const closing = edge.close(5_000);
    expect((await trailers)['grpc-status']).toBe('14');
    finish();
    expect((await call).message).toBe('finished');
    await closing;
    expect(client.session.closed).toBe(true);
  });

  it('loses no call of a client that goes on as its connection ends, and nobody gets another code', async () => {
    await open();
    const clients = Array.from(
      { length: 4 },
      () => new Client(new URL(edge.wearableUrl).host, credentials.createInsecure()),
    );
    const errors: ServiceError[] = [];
    const busy = Promise.withResolvers<undefined>();
    let answered = 0;
    let going = true;
    const asBytes = (bytes: Buffer) => bytes;
    const callOn = async (one: Client) => {
      while (going) {
        await new Promise<void>((resolve) => {
          one.makeUnaryRequest(writePath, asBytes, asBytes, Buffer.from('x'), new Metadata(), (error) => {
            if (error) errors.push(error);
            else if (++answered === 100) busy.resolve(undefined);
            resolve();
          });
        });
      }
    };
    const loops = clients.flatMap((one) => [callOn(one), callOn(one), callOn(one)]);
    await busy.promise;
    await edge.close(5_000);
    going = false;
    await Promise.all(loops);
    for (const one of clients) one.close();
    // There is one edge only: calls after its end find nobody, which is what UNAVAILABLE says.
    expect(
      new Set(errors.map(({ code, details }) => `${code} ${details.replace(/\d+\.\d+.*$/, '')}`)),
    ).toEqual(new Set([expect.stringMatching(/^14 No connection established/)]));
  });
});
