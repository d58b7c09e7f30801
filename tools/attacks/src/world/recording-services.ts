import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
} from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** A request that got through to a service. */
export interface Reached {
  readonly method: string;
  readonly path: string;
  /** Headers and body as one text, to look for what must not be in it. */
  readonly text: string;
  /** Over HTTP: name, value, name, … as they arrived. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** It began and has not come to its end: no service carries that out. */
  readonly isBroken?: boolean;
}

/** Stands for every service behind a server, and notes each request that gets that far. */
export interface RecordingServices {
  readonly url: string;
  readonly reached: Reached[];
  close(): Promise<void>;
}

/** Over HTTP, answering `{"orders":[]}` to everything. */
export async function recordHttp(): Promise<RecordingServices> {
  const reached: Reached[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/readyz') return void response.end('ready\n');
    const { method = '', url = '', rawHeaders } = request;
    const head = rawHeaders.join('\n');
    // Noted before its body, which may never come: later it would seem to be of the attack after it.
    const at = reached.push({ method, path: url, text: head, headers: rawHeaders, isBroken: true }) - 1;
    const noted = reached[at];
    const body = await readAll(request).catch(() => undefined);
    if (noted && body !== undefined && reached[at] === noted)
      reached[at] = { ...noted, text: `${head}\n${body}`, body, isBroken: false };
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"orders":[]}');
  };
  const server = createHttpServer((request, response) => void answer(request, response));
  const url = await listen(server);
  return {
    url: `http://${url}`,
    reached,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const serving = Buffer.from([0, 0, 0, 0, 2, 8, 1]);
const emptyMessage = Buffer.alloc(5);

/** Over gRPC, answering an empty message to everything: to a list, that is an empty page. */
export async function recordGrpc(): Promise<RecordingServices> {
  const reached: Reached[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2Server();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers: IncomingHttpHeaders) => {
    const path = String(headers[':path']);
    const isHealth = path.startsWith('/grpc.health.');
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (!isHealth) {
        const text = `${JSON.stringify(headers)}\n${Buffer.concat(chunks).toString('latin1')}`;
        reached.push({ method: 'POST', path, text });
      }
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
      stream.end(isHealth ? serving : emptyMessage);
    });
  });
  const url = await listen(server);
  return {
    url: `grpc://${url}`,
    reached,
    async close() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Serves one JSON document and counts how often it was asked for. */
export async function serveCounting(body: string) {
  let asked = 0;
  const server = createHttpServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const url = `http://${await listen(server)}`;
  return {
    url,
    count: () => asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
