import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, continueTrace, openContext, type Context } from '@bff/core';
import { chooseRequestId } from '@bff/server-kit';
import type { ForwardingParts } from '../proxy/forwarding-parts.ts';

/** The context of a handshake, which ends when its client leaves. */
export function openTunnelContext(
  { kit, headTimeoutMs = 10_000 }: ForwardingParts,
  { headers }: IncomingMessage,
  client: Duplex,
): Context {
  const given = headers['x-request-id'];
  const scope = openContext({
    clock: kit.clock,
    timeoutMs: headTimeoutMs,
    requestId: chooseRequestId(typeof given === 'string' ? given : undefined, kit),
    trace: continueTrace(
      typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
      kit.randomHex,
    ),
    principal: undefined,
    idempotencyKey: undefined,
  });
  client.once('close', () => scope.cancel(new AppError('cancelled', 'The client went away.')));
  return scope.context;
}
