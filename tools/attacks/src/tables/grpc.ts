import { constants } from 'node:http2';
import { connect } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { Attack, Outcome } from '../attack.ts';
import {
  exchangeGrpc,
  grpcMessage,
  openSession,
  type GrpcAnswer,
  type GrpcRequest,
} from '../wire/raw-grpc.ts';
import type { Target } from '../world/target.ts';
import { wrongTokens } from './wrong-tokens.ts';

const unauthenticated = 16;
const tooMuch = 8;
const late = 4;
const unknownMethod = 12;
const wrong = 3;

/** A call that would be served, but for what an attack changes. */
async function call(target: Target, change: Partial<GrpcRequest> = {}): Promise<Outcome> {
  const headers = { authorization: `Bearer ${await target.token()}`, ...change.headers };
  return outcomeOf(await exchangeGrpc(target.url, { path: target.path, ...change, headers }));
}

function outcomeOf({ status, headers, text }: GrpcAnswer): Outcome {
  return { status, headers, text, body: '' };
}

const metadata: readonly [name: string, headers: Record<string, string>][] = [
  ['x-user-id', { 'x-user-id': 'mallory' }],
  ['x-forwarded-user', { 'x-forwarded-user': 'mallory' }],
  ['x-roles', { 'x-roles': 'mallory' }],
  ['x-internal-token', { 'x-internal-token': 'mallory' }],
  ['a cookie', { cookie: 'session=mallory' }],
  ['an authority', { ':authority': 'evil.example' }],
  ['a user agent', { 'user-agent': 'evil' }],
];

const messages: readonly [name: string, change: Partial<GrpcRequest>, status: number][] = [
  ['a message of 5 MB', { body: grpcMessage(Buffer.alloc(5_000_000)) }, tooMuch],
  ['a prefix of 1 GB', { body: grpcMessage(Buffer.from('x'), { length: 2 ** 30 }) }, tooMuch],
  ['a prefix of 4 GB', { body: grpcMessage(Buffer.from('x'), { length: 2 ** 32 - 1 }) }, tooMuch],
  [
    'a bomb of gzip',
    {
      headers: { 'grpc-encoding': 'gzip' },
      body: grpcMessage(gzipSync(Buffer.alloc(20_000_000)), { compressed: 1 }),
    },
    tooMuch,
  ],
  [
    'gzip that is none',
    { headers: { 'grpc-encoding': 'gzip' }, body: grpcMessage(Buffer.from('evil'), { compressed: 1 }) },
    13,
  ],
  [
    'an unknown encoding',
    { headers: { 'grpc-encoding': 'evil' }, body: grpcMessage(Buffer.from('evil'), { compressed: 1 }) },
    unknownMethod,
  ],
  ['bytes that are no message', { body: grpcMessage(Buffer.from([0xff, 0xff, 0xff, 0xff])) }, wrong],
  [
    'a field that claims 2 GB',
    { body: grpcMessage(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])) },
    wrong,
  ],
  ['groups in groups', { body: grpcMessage(Buffer.alloc(20_000, 0x0b)) }, wrong],
  ['metadata of 20 KB', { headers: { 'x-filling': 'a'.repeat(20_000) } }, tooMuch],
  ['a deadline that has no unit', { headers: { 'grpc-timeout': '1' } }, 13],
  ['a deadline of nothing', { headers: { 'grpc-timeout': '0n' } }, late],
  ['a method that nobody has', { path: '/evil.Service/Evil' }, unknownMethod],
  ['a path with dots', { path: '/../admin' }, unknownMethod],
  ['reflection', { path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo' }, unknownMethod],
  [
    'reflection, the older one',
    { path: '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo' },
    unknownMethod,
  ],
  ['channelz', { path: '/grpc.channelz.v1.Channelz/GetServers' }, unknownMethod],
  ['an idempotency key of 300 characters', { headers: { 'idempotency-key': 'k'.repeat(300) } }, wrong],
];

export const grpc: readonly Attack[] = [
  ...wrongTokens.map(([name, make]): Attack => ({
    name: `grpc: ${name}`,
    status: unauthenticated,
    async send(target) {
      const authorization = await make(target);
      const headers = authorization === undefined ? {} : { authorization };
      return outcomeOf(await exchangeGrpc(target.url, { path: target.path, headers }));
    },
  })),
  ...metadata.map(([name, headers]): Attack => ({
    name: `grpc: metadata that claims ${name}`,
    status: 0,
    reaches: 1,
    send: (target) => call(target, { headers }),
  })),
  ...messages.map(([name, change, status]): Attack => ({
    name: `grpc: ${name}`,
    status,
    send: (target) => call(target, change),
  })),
  {
    name: 'grpc: another content type',
    status: -1,
    send: (target) => call(target, { headers: { 'content-type': 'application/json' } }),
    check: ({ headers }, { isThroughEdge }) =>
      isThroughEdge || Number(headers[':status']) === 415 ? undefined : 'it is not refused with 415',
  },
  {
    name: 'grpc: a message that never ends',
    status: late,
    isSlow: true,
    send: (target) => call(target, { body: grpcMessage(Buffer.from('a'), { length: 1_000 }), open: true }),
  },
  {
    name: 'grpc: no message',
    status: late,
    isSlow: true,
    send: (target) => call(target, { body: Buffer.alloc(0), open: true }),
  },
  { name: 'grpc: a silent connection', status: -1, isSlow: true, send: (target) => waitForEnd(target, '') },
  {
    name: 'grpc: HTTP/1.1',
    status: -1,
    send: (target) => waitForEnd(target, 'GET / HTTP/1.1\r\nHost: edge.example\r\n\r\n'),
  },
  {
    name: 'grpc: half a greeting',
    status: -1,
    isSlow: true,
    send: (target) => waitForEnd(target, 'PRI * HTTP/2.0\r\n\r\nSM'),
  },
  {
    name: 'grpc: a frame longer than agreed',
    status: -1,
    send: (target) => waitForEnd(target, frames(Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]))),
  },
  {
    name: 'grpc: data on a stream that nobody opened',
    status: -1,
    send: (target) => waitForEnd(target, frames(Buffer.from([0, 0, 1, 0, 0, 0, 0, 0, 1, 0]))),
  },
  {
    name: 'grpc: a flood of continuations',
    status: -1,
    send: (target) => waitForEnd(target, floodOfContinuations()),
  },
  {
    name: 'grpc: a flood of settings',
    status: -1,
    send: (target) =>
      waitForEnd(target, frames(...Array.from({ length: 20_000 }, () => frame(4, 0, 0, Buffer.alloc(0))))),
  },
  { name: 'grpc: rapid reset', status: -1, send: resetRapidly },
];

/** Sends bytes and waits until the server ends the connection, which it must. */
async function waitForEnd(target: Target, bytes: string | Buffer): Promise<Outcome> {
  const { hostname, port } = new URL(target.url.replace('grpc:', 'http:'));
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
  socket.write(bytes);
  await Promise.race([
    once(socket, 'close'),
    new Promise((_, reject) => {
      socket.setTimeout(4_000, () => {
        socket.destroy();
        reject(new Error('The server left the connection open.'));
      });
    }),
  ]);
  return { status: -1, headers: {}, body: '', text: Buffer.concat(chunks).toString('latin1') };
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A greeting and empty settings, then these frames. */
function frames(...given: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(4, 0, 0, Buffer.alloc(0)),
    ...given,
  ]);
}

/** Headers that never end (CVE-2024-27316). */
function floodOfContinuations(): Buffer {
  const literal = Buffer.concat([
    Buffer.from([0x00, 4]),
    Buffer.from('x-aa'),
    Buffer.from([100]),
    Buffer.alloc(100, 97),
  ]);
  return frames(frame(1, 0, 1, literal), ...Array.from({ length: 2_000 }, () => frame(9, 0, 1, literal)));
}

/** Begins calls and gives them up at once (CVE-2023-44487), until the server has enough. */
async function resetRapidly(target: Target): Promise<Outcome> {
  const session = openSession(target.url);
  const enough = new AbortController();
  const end = () => {
    enough.abort();
  };
  session.on('goaway', end).on('close', end);
  await once(session, 'connect');
  const authorization = `Bearer ${await target.token()}`;
  for (let round = 0; round < 60 && !enough.signal.aborted; round++) {
    for (let index = 0; index < 100 && !session.destroyed && !session.closed; index++) {
      const stream = session.request({ ':method': 'POST', ':path': target.path, authorization });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  session.destroy();
  if (!enough.signal.aborted) throw new Error('The server bore 6 000 calls that were given up.');
  return { status: -1, headers: {}, body: '', text: '' };
}
