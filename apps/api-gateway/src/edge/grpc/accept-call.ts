import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { AppError, continueTrace, openContext, type ContextScope } from '@bff/core';
import { chooseRequestId, type FaultInjector, type GrpcLimits, type ProcessKit } from '@bff/server-kit';
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
  parts: CallParts & { readonly limits: Pick<GrpcLimits, 'maxHeaderBytes'> },
): Promise<void> {
  const { kit, upstream, limits } = parts;
  const requestId = chooseRequestId(text(headers['x-request-id']), kit);
  try {
    if (kit.faults?.isOn === true) await passFaults(kit.faults, client);
    checkCall(headers, limits.maxHeaderBytes);
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
    const head = ownHead(AppError.from(thrown), { requestId });
    // Whoever sent what is no gRPC may not read `grpc-status` either.
    client.respond(isGrpc(headers) ? head : { ...head, ':status': 415 }, { endStream: true });
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

function isGrpc({ ':method': method, 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return method === 'POST' && /^application\/grpc(\+|;|$)/.test(type);
}

/** Throws for a call that no instance needs to see. */
function checkCall(headers: IncomingHttpHeaders, maxHeaderBytes: number): void {
  if (!isGrpc(headers))
    throw new AppError(
      'invalid_argument',
      'This entry speaks gRPC: POST with content-type application/grpc.',
    );
  // The limit in our SETTINGS is advice, which the library leaves to the client to follow.
  const bytes = Object.entries(headers).reduce((sum, [name, value]) => sum + sizeOf(name, value), 0);
  if (bytes > maxHeaderBytes)
    throw new AppError('resource_exhausted', 'The metadata of the call is too large.');
  // Names with dots between them: `/../admin` is a path that somebody behind could read as another one.
  if (!/^\/\w+(\.\w+)*\/\w+$/.test(headers[':path'] ?? ''))
    throw new AppError('unimplemented', 'There is no such method.');
}

function sizeOf(name: string, value: string | string[] | undefined): number {
  // RFC 9113, 6.5.2: each field counts 32 bytes more than its text.
  return [value ?? ''].flat().reduce((sum, text) => sum + name.length + text.length + 32, 0);
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
