import { WebSocket } from 'ws';

interface Message {
  type: string;
  id?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test asserts on another shape
  payload?: any;
}

/** A client that speaks graphql-transport-ws by hand, message by message. */
export interface RawSocket {
  readonly socket: WebSocket;
  send(message: object): void;
  /** The next message that has come or will come. */
  next(): Promise<Message>;
  /** Resolves with the code and reason of the close. */
  readonly closed: Promise<{ code: number; reason: string }>;
  close(): void;
}

export interface RawSocketOptions {
  headers?: Record<string, string>;
  protocol?: string;
  path?: string;
}

/** Connects; rejects with the HTTP status when the connection is refused. */
export async function openRawSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { headers = {}, protocol = 'graphql-transport-ws', path = '/graphql' } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocol, { headers });
  const messages: Message[] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      wake();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(String(response.statusCode)));
      socket.terminate();
    });
    socket.on('error', reject);
  });
  return {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    async next() {
      while (messages.length === 0) {
        if (socket.readyState === WebSocket.CLOSED) throw new Error('The connection was closed.');
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return messages.shift()!;
    },
    close: () => socket.close(),
  };
}

export const orderUpdates = `subscription ($id: ID!, $after: String) {
  orderUpdated(id: $id, after: $after) {
    cursor changed order { status payment { status } shipment { status latestEvent { place } } }
  }
}`;

/** A socket on which an order is watched already. */
export async function watchBySocket(
  url: string,
  token: string,
  variables: { id: string; after?: string },
): Promise<RawSocket> {
  const raw = await openRawSocket(url);
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await raw.next();
  raw.send({ type: 'subscribe', id: 'orders', payload: { query: orderUpdates, variables } });
  return raw;
}
