import { constants, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import type { ProcessKit } from '../process-kit.ts';

/** Development tools keep a reflection call open while they are used. */
const openEnded = '/grpc.reflection.';

/**
 * Cuts a connection that does not say in time that it speaks HTTP/2, and a call whose request is not whole in time. grpc-js waits for
 * both for ever: a deadline is the client's to give, and the server's own begins with the handler, which needs the whole message.
 */
export function cutLateSenders(
  http2Server: Http2Server,
  receiveTimeoutMs: number,
  { clock, audit }: Pick<ProcessKit, 'clock' | 'audit'>,
): { watch(socket: Socket): void } {
  const silent = new Map<string, () => void>();
  const refuse = (reason: string, address: string | undefined) => {
    audit({ action: 'request_refused', outcome: 'refused', reason, address });
  };
  http2Server.on('session', (session: ServerHttp2Session) => {
    const peer = peerOf(session.socket);
    session.once('remoteSettings', () => silent.get(peer)?.());
  });
  http2Server.on('stream', (stream: ServerHttp2Stream, headers) => {
    if (String(headers[':path']).startsWith(openEnded)) return;
    const stop = clock.after(receiveTimeoutMs, () => {
      if (stream.closed || stream.state.remoteClose === 1) return;
      refuse('late_message', stream.session?.socket.remoteAddress);
      endLate(stream);
    });
    stream.once('close', stop);
  });
  return {
    watch(socket) {
      const peer = peerOf(socket);
      const address = socket.remoteAddress;
      const stop = clock.after(receiveTimeoutMs, () => {
        refuse('silent_connection', address);
        socket.destroy();
      });
      const speaks = () => {
        stop();
        silent.delete(peer);
      };
      silent.set(peer, speaks);
      socket.once('close', speaks);
    },
  };
}

function endLate(stream: ServerHttp2Stream): void {
  if (!stream.headersSent) {
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc+proto',
        'grpc-status': String(status.DEADLINE_EXCEEDED),
        'grpc-message': 'The request did not arrive in time.',
      },
      { endStream: true },
    );
  }
  // Without it the client could go on sending.
  stream.close(constants.NGHTTP2_NO_ERROR);
}

function peerOf(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`;
}
