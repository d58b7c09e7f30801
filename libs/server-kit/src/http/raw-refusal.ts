import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpRefusal } from './http-refusal.ts';
import { problemOf } from './problem.ts';

/** Answers with a problem on a bare connection, where no response object exists (any more), and closes it. */
export function refuseOnSocket(socket: Duplex, refusal: HttpRefusal): void {
  // An answer that has begun cannot become another one; what is left of it would be read as part of this one.
  const { _httpMessage: running } = socket as Duplex & { _httpMessage?: ServerResponse };
  if (!socket.writable || running?.headersSent === true) {
    socket.destroy();
    return;
  }
  const problem = problemOf(refusal);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\n` +
      'Content-Type: application/problem+json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
  // Whoever neither reads nor closes does not keep the connection.
  socket.once('finish', () => socket.destroy());
}
