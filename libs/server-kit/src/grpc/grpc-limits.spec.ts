import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { orderOperations } from '@bff/contracts';
import { createGrpcServer, defaultGrpcLimits, startGrpcListener, type GrpcLimits } from '../index.ts';
import { createTestKit } from '../testing/index.ts';
import type { AuditEvent } from '@bff/observability';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(limits: Partial<GrpcLimits> = {}, maxMessageBytes = 1024) {
  const audited: AuditEvent[] = [];
  const kit = createTestKit({ audit: (event) => void audited.push(event) });
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: 2_000,
    maxMessageBytes,
    limits: { ...defaultGrpcLimits, ...limits },
    authenticate: () => Promise.resolve({ subject: 'alice', client: 'test', scopes: [], roles: [] }),
  });
  grpc.unary(orderOperations.get, () => Promise.reject(new AppError('not_found', 'No such order.')));
  const listener = await startGrpcListener({ grpc, address: { host: '127.0.0.1', port: 0 }, kit });
  closing.push(() => listener.close(0));
  return { host: new URL(listener.url).host, port: Number(new URL(listener.url).port), audited };
}

function openSession(host: string): ClientHttp2Session {
  const session = connect(`http://${host}`);
  session.on('error', () => undefined);
  closing.push(() => {
    session.destroy();
  });
  return session;
}

const headers = {
  ':method': 'POST',
  ':path': orderOperations.get.rpcPath,
  'content-type': 'application/grpc',
  te: 'trailers',
};

/** One message with its five bytes in front. */
function frame(message: Uint8Array, { compressed = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** The status of a call, wherever it stands. */
async function ask(session: ClientHttp2Session, body: Buffer, extra = {}, end = true): Promise<string> {
  const stream = session.request({ ...headers, ...extra });
  stream.on('error', () => undefined);
  stream.resume();
  let status = 'none';
  const read = (given: IncomingHttpHeaders) => (status = String(given['grpc-status'] ?? status));
  stream.on('response', read);
  stream.on('trailers', read);
  stream.write(body);
  if (end) stream.end();
  await once(stream, 'close').catch(() => undefined);
  return status;
}

const honest = frame(orderOperations.get.request.encode({ orderId: 'ord_0001' }));

describe('a gRPC server', () => {
  it('cuts a connection on which nothing comes, or no HTTP/2', async () => {
    const { port, audited } = await serve({ receiveTimeoutMs: 80 });
    for (const bytes of ['', 'PRI * HT']) {
      const socket = connectSocket(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      if (bytes) socket.write(bytes);
      await once(socket, 'close');
    }
    expect(audited).toMatchObject([{ reason: 'silent_connection', address: '127.0.0.1' }, {}]);
  });

  it('ends a call whose message never completes, and keeps the connection for the others', async () => {
    const { host, audited } = await serve({ receiveTimeoutMs: 80 });
    const session = openSession(host);
    expect(await ask(session, frame(Buffer.from('ab'), { length: 500 }), {}, false)).toBe('4');
    expect(audited).toMatchObject([{ reason: 'late_message' }]);
    expect(await ask(session, honest)).toBe('5');
  });

  it('cuts who begins and gives up calls too fast, and serves the next one', async () => {
    const { host } = await serve({ maxResetsPerSecond: 1 });
    const session = openSession(host);
    await once(session, 'connect');
    const goneAway = once(session, 'goaway') as Promise<[number]>;
    for (let call = 0; call < 50; call++) {
      const stream = session.request(headers);
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await goneAway;
    expect(await ask(openSession(host), honest)).toBe('5');
  });

  it('takes no more connections from one address than it may, and again when one is gone', async () => {
    const { host, audited } = await serve({ maxConnectionsPerAddress: 2 });
    const sessions = [openSession(host), openSession(host)];
    expect(await Promise.all(sessions.map((session) => ask(session, honest)))).toEqual(['5', '5']);
    expect(await ask(openSession(host), honest)).toBe('none');
    expect(audited).toMatchObject([{ reason: 'too_many_connections_of_address' }]);
    sessions[0]!.close();
    await once(sessions[0]!, 'close');
    expect(await untilServed(host)).toBe('5');
  });

  it.each([
    ['a prefix of one gigabyte', frame(Buffer.from('x'), { length: 2 ** 30 }), {}, '8'],
    ['a large message', frame(Buffer.alloc(2000)), {}, '8'],
    [
      'a small one that unpacks to a large one',
      frame(gzipSync(Buffer.alloc(1_000_000)), { compressed: 1 }),
      { 'grpc-encoding': 'gzip' },
      '8',
    ],
    [
      'an encoding that nobody knows',
      frame(Buffer.from('x'), { compressed: 1 }),
      { 'grpc-encoding': 'brotli' },
      '12',
    ],
  ])('refuses %s', async (_what, body, extra, status) => {
    const { host } = await serve();
    const session = openSession(host);
    expect(await ask(session, body, extra)).toBe(status);
    expect(await ask(session, honest)).toBe('5');
  });
});

/** The server learns of the end of a connection a moment after its client. */
async function untilServed(host: string): Promise<string> {
  for (;;) {
    const status = await ask(openSession(host), honest);
    if (status !== 'none') return status;
  }
}
