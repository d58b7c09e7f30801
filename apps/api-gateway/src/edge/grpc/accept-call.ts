import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { AppError, continueTrace, openContext, type ContextScope } from '@bff/core';
import { chooseRequestId, type FaultInjector, type ProcessKit } from '@bff/server-kit';
import { readGrpcTimeout } from './call-headers.ts';
import type { CallParts } from './call-parts.ts';
import { ForwardedCall, ownHead } from './forwarded-call.ts';

/** setTimeout holds no more; a call without a deadline has none. */
const longestTimerMs = 2 ** 31 - 1;

/** Sends one call of a client on its way, or refuses what is no gRPC call. */
export async function acceptCall(
  client: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  calls: Set<ForwardedCall>,
  parts: CallParts,
): Promise<void> {
  const { kit, upstream } = parts;
  const requestId = chooseRequestId(text(headers['x-request-id']), kit);
  try {
    if (kit.faults?.isOn === true) await passFaults(kit.faults, client);
    checkCall(headers);
    const scope = openScope(headers, requestId, kit);
    const startedAt = kit.clock.now();
    const call: ForwardedCall = new ForwardedCall({
      ...parts,
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
