import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The head of an answer on a connection that Node's HTTP server has handed over. `rawHeaders`: name, value, name, … */
export function responseHead(status: number, rawHeaders: readonly string[]): string {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
  );
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
}

/** An answer without a body, which is the last on its connection. */
export function refuse(client: Duplex, status: number): void {
  client.end(responseHead(status, ['Connection', 'close', 'Content-Length', '0']));
}

/** The BFF does not want this connection, and says why. */
export function passRefusal(response: IncomingMessage, client: Duplex): void {
  const headers = response.rawHeaders.filter(
    (_, index, all) => !/^(connection|keep-alive|transfer-encoding)$/i.test(all[index & ~1] ?? ''),
  );
  client.write(responseHead(response.statusCode ?? 502, [...headers, 'Connection', 'close']));
  response.pipe(client);
}
