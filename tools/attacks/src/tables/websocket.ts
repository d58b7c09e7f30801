import type { Attack } from '../attack.ts';
import { exchangeWebsocket, frame, type WebsocketRequest } from '../wire/raw-websocket.ts';
import type { Target } from '../world/target.ts';

const servers = ['mobile-bff'];
const message = (content: object) => frame(JSON.stringify(content));
const init = (payload?: object) => message({ type: 'connection_init', ...(payload && { payload }) });
const subscribe = (id: string) =>
  message({
    type: 'subscribe',
    id,
    payload: { query: 'subscription { orderUpdated(id: "ord_0001") { cursor } }' },
  });

/** Refused in the handshake: an HTTP status. */
const handshakes: readonly [name: string, request: WebsocketRequest, status: number][] = [
  ['a page of another site', { lines: ['Origin: https://evil.example'] }, 403],
  ['a page without an origin of its own', { lines: ['Origin: null'] }, 403],
  ['another path', { path: '/evil' }, 404],
  ['a path with dots', { path: '/x/../graphql' }, 400],
  ['a wrong token in the header', { lines: ['Authorization: Bearer evil'] }, 401],
  ['two tokens in the header', { lines: ['Authorization: Bearer a', 'Authorization: Bearer b'] }, 401],
  ['no version that exists', { lines: ['Sec-WebSocket-Version: 99'] }, 400],
];

/** Let in and then sent away: a close code. */
const conversations: readonly [name: string, frames: readonly Buffer[], status: number][] = [
  ['no token', [init()], 4403],
  ['a wrong token', [init({ authorization: 'Bearer evil' })], 4403],
  ['a token that is an object', [init({ authorization: { toString: 'evil' } })], 4403],
  ['a subscription before the token', [subscribe('1')], 4401],
  ['no JSON', [frame('evil')], 4400],
  ['a type that nobody knows', [message({ type: 'evil' })], 4400],
  ['a list', [message([])], 4400],
  ['a frame without a mask', [frame('{}', { isMasked: false })], 1002],
  ['text that is none', [Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe])], 1007],
  ['a frame announced as 1 GB', [frame('', { announced: 2 ** 30 })], 1009],
  ['a control frame of 200 bytes', [frame('a'.repeat(200), { opcode: 9 })], 1002],
  ['a kind of frame that nobody knows', [frame('', { opcode: 5 })], 1002],
  ['a continuation of nothing', [frame('', { opcode: 0 })], 1002],
];

export const websocket: readonly Attack[] = [
  ...handshakes.map(([name, request, status]) => ({ name, request, status })),
  ...conversations.map(([name, frames, status]) => ({ name, request: { frames }, status })),
].map(({ name, request, status }): Attack => ({
  name: `websocket: ${name}`,
  status,
  servers,
  isWithoutBody: true,
  send: (target: Target) => exchangeWebsocket(target, request),
}));
