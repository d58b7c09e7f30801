import { gzipSync } from 'node:zlib';
import type { Attack, Outcome } from '../attack.ts';
import { exchangeGrpc, grpcMessage, type GrpcRequest } from '../wire/raw-grpc.ts';
import type { Target } from '../world/target.ts';
import { faultOfOwner } from './service-samples.ts';
import { wrongTokens } from './wrong-tokens.ts';

const unauthenticated = 16;
const tooMuch = 8;
const late = 4;
const unknownMethod = 12;
const wrong = 3;

/** A call that would be served, but for what an attack changes. */
async function call(target: Target, change: Partial<GrpcRequest> = {}): Promise<Outcome> {
  const headers = { authorization: `Bearer ${await target.token()}`, ...change.headers };
  return exchangeGrpc(target.url, { path: target.path, ...change, headers });
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

const messages: readonly [name: string, change: Partial<GrpcRequest>, status: Attack['status']][] = [
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
  [
    'a deadline that has no unit',
    { headers: { 'grpc-timeout': '1' } },
    ({ server }) => (server === 'edge' ? wrong : 13),
  ],
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

/** What the edge reads of a call itself; everything else is passed on for the BFF to judge. */
const readByEdge = [
  'x-user-id',
  'x-forwarded-user',
  'x-roles',
  'x-internal-token',
  'metadata of 20 KB',
  'a deadline that has no unit',
  'a deadline of nothing',
  'a path with dots',
];
const notOn = (name: string) => (readByEdge.includes(name) ? {} : { notOn: ['edge'] });

export const grpc: readonly Attack[] = [
  ...wrongTokens.map(([name, make]): Attack => ({
    name: `grpc: ${name}`,
    status: unauthenticated,
    ...notOn(name),
    async send(target) {
      const authorization = await make(target);
      const headers = authorization === undefined ? {} : { authorization };
      return exchangeGrpc(target.url, { path: target.path, headers });
    },
  })),
  ...metadata.map(([name, headers]): Attack => ({
    name: `grpc: metadata that claims ${name}`,
    status: 0,
    ...notOn(name),
    reaches: 1,
    send: (target) => call(target, { headers }),
    check: faultOfOwner,
  })),
  ...messages.map(([name, change, status]): Attack => ({
    name: `grpc: ${name}`,
    status,
    ...notOn(name),
    send: (target) => call(target, change),
  })),
  {
    name: 'grpc: another content type',
    status: ({ server }) => (server === 'edge' ? wrong : -1),
    send: (target) => call(target, { headers: { 'content-type': 'application/json' } }),
    check: ({ headers }, { isThroughEdge }) =>
      isThroughEdge || Number(headers[':status']) === 415 ? undefined : 'it is not refused with 415',
  },
  {
    name: 'grpc: a message that never ends',
    status: late,
    ...notOn('messages'),
    isSlow: true,
    send: (target) => call(target, { body: grpcMessage(Buffer.from('a'), { length: 1_000 }), open: true }),
  },
  {
    name: 'grpc: no message',
    status: late,
    ...notOn('messages'),
    isSlow: true,
    send: (target) => call(target, { body: Buffer.alloc(0), open: true }),
  },
];
