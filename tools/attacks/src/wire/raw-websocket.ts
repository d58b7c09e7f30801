import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Outcome } from '../attack.ts';
import type { Target } from '../world/target.ts';
import { readAnswer } from './raw-http.ts';

export interface WebsocketRequest {
  readonly path?: string;
  /** More lines of the handshake. */
  readonly lines?: readonly string[];
  readonly protocol?: string;
  /** Sent as soon as the connection is one. */
  readonly frames?: readonly Buffer[];
}

/** Far longer than any limit of time that the attacked servers have. */
const patienceMs = 6_000;

/** A frame as a client sends it, masked; `announced` is the length that it claims to have. */
export function frame(
  payload: string,
  { opcode = 1, announced = Buffer.byteLength(payload), isMasked = true } = {},
) {
  const length = Buffer.alloc(9);
  length[0] = (isMasked ? 0x80 : 0) | 127;
  length.writeBigUInt64BE(BigInt(announced), 1);
  const mask = isMasked ? randomBytes(4) : Buffer.alloc(0);
  const bytes = Buffer.from(payload);
  const body = isMasked ? bytes.map((byte, at) => byte ^ mask.readUInt8(at % 4)) : bytes;
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, body]);
}

/** Shakes hands, sends the frames, and waits for the end: the status is that of the handshake or, after it, of the close frame. */
export function exchangeWebsocket(target: Target, request: WebsocketRequest): Promise<Outcome> {
  const { path = '/graphql', lines = [], protocol = 'graphql-transport-ws', frames = [] } = request;
  const { hostname, port } = new URL(target.url);
  const head = [
    `GET ${path} HTTP/1.1`,
    'Host: edge.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
    ...lines,
  ];
  const socket = connect(Number(port), hostname);
  let received = Buffer.alloc(0);
  let isSent = false;
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error('The server neither answered nor closed the connection.'));
    }, patienceMs);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (isSent && outcomeOf(received).status > 0) socket.end();
      if (isSent || !received.includes('\r\n\r\n')) return;
      isSent = true;
      if (received.includes('HTTP/1.1 101')) socket.write(Buffer.concat(frames));
      // Whoever got in and says nothing has got what he wanted.
      if (frames.length === 0) socket.end();
    });
    socket.on('close', () => {
      clearTimeout(patience);
      resolve(outcomeOf(received));
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
  });
}

function outcomeOf(received: Buffer): Outcome {
  const answer = readAnswer(received.toString('latin1'), true);
  if (answer.status !== 101) return answer;
  const end = received.indexOf('\r\n\r\n') + 4;
  return { ...answer, status: closeCodeOf(received.subarray(end)), body: '' };
}

/** 0 when the connection was cut without one. */
function closeCodeOf(frames: Buffer): number {
  for (let at = 0; at + 2 <= frames.length;) {
    const kind = frames.readUInt8(at) & 0x0f;
    const short = frames.readUInt8(at + 1) & 0x7f;
    const start = at + (short === 126 ? 4 : 2);
    const length = short === 126 ? frames.readUInt16BE(at + 2) : short;
    if (start + length > frames.length) return 0;
    if (kind === 8) return length >= 2 ? frames.readUInt16BE(start) : 1005;
    at = start + length;
  }
  return 0;
}
