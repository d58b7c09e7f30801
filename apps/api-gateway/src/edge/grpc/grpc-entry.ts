import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { TLSSocket } from 'node:tls';
import { AppError, continueTrace, openContext, type ContextScope } from '@bff/core';
import {
  authorityOf,
  bind,
  chooseRequestId,
  guardConnections,
  type FaultInjector,
  type GrpcLimits,
  type Listener,
  type ListenAddress,
  type ProcessKit,
} from '@bff/server-kit';
import { readGrpcTimeout } from './call-headers.ts';
import { createEdgeHealth, healthPaths } from './edge-health.ts';
import { ForwardedCall, ownHead, type CallParts } from './forwarded-call.ts';

export interface GrpcEntryOptions extends CallParts {
  readonly address: ListenAddress;
  /** PEM; without it the entry speaks HTTP/2 in clear (h2c). */
  readonly limits: GrpcLimits;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** setTimeout holds no more; a call without a deadline has none. */
const longestTimerMs = 2 ** 31 - 1;

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
    else void forward(client, headers, calls, options);
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

async function forward(
  client: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  calls: Set<ForwardedCall>,
  options: GrpcEntryOptions,
): Promise<void> {
  const { kit, upstream } = options;
  const requestId = chooseRequestId(text(headers['x-request-id']), kit);
  try {
    if (kit.faults?.isOn === true) await passFaults(kit.faults, client);
    checkCall(headers);
    const scope = openScope(headers, requestId, kit);
    const startedAt = kit.clock.now();
    const call: ForwardedCall = new ForwardedCall({
      ...options,
      client,
      headers,
      scope,
      onDone(code) {
        calls.delete(call);
        const durationMs = kit.clock.now() - startedAt;
        kit.metrics.rpcRequest({ route: call.path, method: 'wearable', status: code, durationMs });
        kit.logger.info(
          { requestId, route: call.path, status: code, durationMs: Math.round(durationMs) },
          'call',
        );
      },
    });
    calls.add(call);
    await upstream.endpoints.discovered(scope.context);
    call.attempt();
  } catch (thrown) {
    if (client.destroyed || client.headersSent) return;
    client.respond(ownHead(AppError.from(thrown), { requestId }), { endStream: true });
    client.resume();
  }
}

/** In front of everything but health, as in every server here. */
async function passFaults(faults: FaultInjector, client: ServerHttp2Stream): Promise<void> {
  const left = new AbortController();
  client.once('close', () => left.abort());
  await faults.pass({
    left: left.signal,
    reset() {
      const socket = client.session?.socket;
      // Under TLS there is no reset to be had; to lose the connection is as bad.
      if (socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
      else client.session?.destroy();
    },
  });
}

/** Throws for what is no gRPC call. */
function checkCall(headers: IncomingHttpHeaders): void {
  const { ':method': method, ':path': path = '', 'content-type': type = '' } = headers;
  if (method !== 'POST' || !/^application\/grpc(\+|;|$)/.test(type)) {
    throw new AppError(
      'invalid_argument',
      'This entry speaks gRPC: POST with content-type application/grpc.',
    );
  }
  if (!/^\/[\w.]+\/\w+$/.test(path)) throw new AppError('unimplemented', 'There is no such method.');
}

function openScope(headers: IncomingHttpHeaders, requestId: string, kit: ProcessKit): ContextScope {
  return openContext({
    clock: kit.clock,
    timeoutMs: Math.min(readGrpcTimeout(headers) ?? longestTimerMs, longestTimerMs),
    requestId,
    trace: continueTrace(text(headers['traceparent']), kit.randomHex),
    principal: undefined,
    idempotencyKey: text(headers['idempotency-key']),
  });
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
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
