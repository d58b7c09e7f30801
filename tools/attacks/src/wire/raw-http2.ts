import { once } from 'node:events';
import { connect } from 'node:net';
import type { Outcome } from '../attack.ts';
import type { Target } from '../world/target.ts';

/** Sends bytes and waits until the server ends the connection, which it must. */
export async function waitForEnd(target: Target, bytes: string | Buffer): Promise<Outcome> {
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

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A greeting and empty settings, then these frames. */
export function frames(...given: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(4, 0, 0, Buffer.alloc(0)),
    ...given,
  ]);
}
