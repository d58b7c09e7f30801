import { createSecureServer, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { AppError } from '@bff/core';
import {
  authorityOf,
  bind,
  guardConnections,
  type GrpcLimits,
  type Listener,
  type ListenAddress,
  type ProcessKit,
} from '@bff/server-kit';
import { acceptCall } from './accept-call.ts';
import { createEdgeHealth, healthPaths } from './edge-health.ts';
import type { CallParts } from './call-parts.ts';
import type { ForwardedCall } from './forwarded-call.ts';

export interface GrpcEntryOptions extends CallParts {
  readonly address: ListenAddress;
  /** PEM; without it the entry speaks HTTP/2 in clear (h2c). */
  readonly limits: GrpcLimits;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** The gRPC entry: HTTP/2 passed through stream by stream, each to the instance that is best for it. */
export async function startGrpcEntry(options: GrpcEntryOptions): Promise<Listener> {
  const { address, tls, limits, kit } = options;
  const server = createHttp2Server(limits, tls);
  guardConnections(server, limits, kit);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Set<ForwardedCall>();
  const health = createEdgeHealth();
  server.on('session', (session) => watchSession(session, sessions, options));
  server.on('sessionError', () => undefined);
  server.on('stream', (client, headers) => {
    client.on('error', () => undefined);
    if (healthPaths.has(String(headers[':path']))) health.answer(client, String(headers[':path']));
    else void acceptCall(client, headers, calls, options);
  });
  kit.drain.addEventListener('abort', () => {
    health.close();
    for (const call of calls) if (call.isStreaming) call.end(AppError.from(kit.drain.reason));
  });
  const port = await bind(server, address, 'WEARABLE_PORT');
  return {
    name: 'wearable',
    url: `${tls ? 'grpcs' : 'grpc'}://${authorityOf(address.host, port)}`,
    drain: () => health.drain(),
    close: (limitMs) => closeServer(server, { sessions, calls, limitMs, kit }),
  };
}

function createHttp2Server(limits: GrpcLimits, tls: GrpcEntryOptions['tls']): Http2Server {
  const { maxStreamsPerConnection, maxHeaderBytes, maxResetsPerSecond } = limits;
  const options = {
    settings: {
      maxConcurrentStreams: maxStreamsPerConnection,
      maxHeaderListSize: maxHeaderBytes,
      enablePush: false,
    },
    streamResetRate: maxResetsPerSecond,
    streamResetBurst: 10 * maxResetsPerSecond,
  };
  return tls ? createSecureServer({ ...options, ...tls, ALPNProtocols: ['h2'] }) : createServer(options);
}

function watchSession(
  session: ServerHttp2Session,
  sessions: Set<ServerHttp2Session>,
  { kit: { clock }, limits }: GrpcEntryOptions,
): void {
  sessions.add(session);
  // A connection on which nobody says HTTP/2 within this time is none.
  const stopTimer = clock.after(limits.receiveTimeoutMs, () => session.destroy());
  session.once('remoteSettings', stopTimer);
  session.once('close', () => {
    stopTimer();
    sessions.delete(session);
  });
  session.on('error', () => undefined);
}

interface Closing {
  sessions: ReadonlySet<ServerHttp2Session>;
  calls: ReadonlySet<ForwardedCall>;
  limitMs: number;
  kit: ProcessKit;
}

/** Accepts nothing more, tells every client so, waits for the calls that are left, and cuts what is left after the limit. */
function closeServer(server: Http2Server, { sessions, calls, limitMs, kit }: Closing): Promise<void> {
  return new Promise((resolve) => {
    const { clock } = kit;
    const stopForce = clock.after(limitMs, () => {
      for (const call of calls)
        call.end(new AppError('unavailable', 'This instance is stopping; call again.'));
      for (const session of sessions) session.destroy();
    });
    server.close(() => {
      stopForce();
      resolve();
    });
    // GOAWAY above the last stream: a call that is on its way was not processed, and its client makes it elsewhere. An
    // announcement before it (GOAWAY above every stream) makes Node's own client fail with a protocol error.
    for (const session of sessions) session.close();
  });
}
