import { once } from 'node:events';
import { constants } from 'node:http2';
import type { Attack, Outcome } from '../attack.ts';
import { openSession } from '../wire/raw-grpc.ts';
import { frame, frames, waitForEnd } from '../wire/raw-http2.ts';
import type { Target } from '../world/target.ts';

/** What is wrong below a call: greetings, frames, streams. All of it ends the connection. */
export const http2: readonly Attack[] = [
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

/** A server that is busy elsewhere reads what was sent a little later. */
const hearingMs = 5_000;

async function endedWithin(limitMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const limit = AbortSignal.timeout(limitMs);
  await once(AbortSignal.any([signal, limit]), 'abort');
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
  await endedWithin(hearingMs, enough.signal);
  session.destroy();
  if (!enough.signal.aborted) throw new Error('The server bore 6 000 calls that were given up.');
  return { status: -1, headers: {}, body: '', text: '' };
}
