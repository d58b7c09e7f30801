import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { writeFrame } from '../edge/grpc/message-frame.ts';

export type AnswerCall = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export type FakeGrpcBff = Awaited<ReturnType<typeof startFakeGrpcBff>>;

/** Answers with one message and OK, once the request is whole. */
export const answerMessage =
  (text: string): AnswerCall =>
  (stream) => {
    stream.resume();
    stream.once('end', () => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'x-head': 'h' },
        { waitForTrailers: true },
      );
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-trailer': 't' }));
      stream.end(writeFrame(Buffer.from(text)));
    });
  };

/** Answers with a status alone. */
export const answerStatus =
  (status: number, headers: Record<string, string> = {}): AnswerCall =>
  (stream) => {
    const head = {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(status),
      ...headers,
    };
    stream.respond(head, { endStream: true });
    stream.resume();
  };

/** An HTTP/2 server over which a test decides frame by frame. */
export async function startFakeGrpcBff(name = 'bff', settings: Settings = {}) {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({ settings });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.once('close', () => sessions.delete(session));
  });
  const fake = {
    seen: [] as IncomingHttpHeaders[],
    answer: answerMessage(name),
    healthy: true,
    sessions,
    url: '',
    /** Ends the process, so to speak: no connection survives. */
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (headers[':path'] === '/grpc.health.v1.Health/Check') {
      if (fake.healthy) answerStatus(12)(stream, headers);
      return;
    }
    fake.seen.push(headers);
    fake.answer(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fake.url = `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}
