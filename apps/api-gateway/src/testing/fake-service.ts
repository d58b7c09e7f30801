import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Names as they were sent, to see what was sent twice. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeService {
  readonly url: string;
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** What it does with a request; `{"ok":true}` unless told otherwise. */
  answer: Answer;
  /** What a health check gets; nothing from a process that is frozen. */
  health: 'ready' | 'not_ready' | 'no_answer';
  /** What it does with a connection that asks for another protocol; without it, that is refused. */
  upgrade: ((request: IncomingMessage, socket: Duplex) => void) | undefined;
  /** The next request that it begins to receive. */
  nextRequest(): Promise<IncomingMessage>;
  connections(): Promise<number>;
  stop(): Promise<void>;
}

/** A service over real HTTP that notes every request in full, but for health checks, and does as it is told. */
export async function startFakeService(): Promise<FakeService> {
  const events = new EventEmitter();
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/readyz') {
      if (fake.health === 'no_answer') return;
      response.statusCode = fake.health === 'ready' ? 200 : 503;
      response.end();
      return;
    }
    events.emit('request', request);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      seen.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString() });
    });
    fake.answer(request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    // HTTP servers leave it to their users to end their own side.
    socket.once('end', () => socket.end());
    if (fake.upgrade) fake.upgrade(request, socket);
    else socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const fake: FakeService = {
    url: origin,
    origin,
    seen,
    answer: answerJson(200, { ok: true }),
    health: 'ready',
    upgrade: undefined,
    async nextRequest() {
      const [request] = (await once(events, 'request')) as [IncomingMessage];
      return request;
    },
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => {
          if (error) reject(error);
          else resolve(count);
        });
      }),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

/** Answers once the request's body is there. */
export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (request, response) => {
    request.on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
    request.resume();
  };
}
