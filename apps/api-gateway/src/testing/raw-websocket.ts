import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenedSocket {
  response: IncomingMessage;
  socket: Socket;
  /** The next bytes that come. */
  next(): Promise<string>;
  /** Resolves when it has ended; what still comes is dropped. */
  closed(): Promise<void>;
}

/** Asks for another protocol and gives the connection; rejects with the status when that is refused. */
export function openRawWebSocket(url: string, headers: Record<string, string> = {}): Promise<OpenedSocket> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asked.once('upgrade', (response, socket: Socket, head: Buffer) => {
      socket.on('error', () => undefined);
      if (head.length > 0) socket.unshift(head);
      resolve({
        response,
        socket,
        next: () => new Promise((got) => socket.once('data', (chunk: Buffer) => got(chunk.toString()))),
        closed: () => new Promise((ended) => socket.resume().once('close', () => ended())),
      });
    });
    asked.once('response', (response) => {
      response.resume();
      reject(new Error(`status ${String(response.statusCode)}`));
    });
    asked.once('error', reject);
    asked.end();
  });
}
