import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends bytes as they are, and reads until the server closes the connection. */
export async function exchangeRaw(url: string, bytes: string): Promise<string> {
  const socket = openRaw(url, bytes);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** A connection on which these bytes have been sent. */
export function openRaw(url: string, bytes: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // How a connection ends is what some tests are about; all of them look at what arrived before.
  socket.on('error', () => undefined);
  socket.write(bytes);
  return socket;
}
