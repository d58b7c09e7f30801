import type { Metadata } from '@grpc/grpc-js';
import { AppError, continueTrace, openContext, type ContextScope } from '@bff/core';
import { checkIdempotencyKey, chooseRequestId } from '../http/request-context.ts';
import type { ProcessKit } from '../process-kit.ts';

/** The part of a grpc-js server call that a context is made from. */
export interface IncomingCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  /** `cancelled` is emitted when the client leaves or its deadline passes. */
  on(event: 'cancelled', listener: () => void): unknown;
}

/** grpc-js has no option for it on servers; without this, HTTP/2's own 64 KB would be the limit. */
function refuseLargeMetadata(metadata: Metadata, maxBytes: number): void {
  let size = 0;
  for (const [name, values] of Object.entries(metadata.toHttp2Headers())) {
    // RFC 9113, 6.5.2: each field counts 32 bytes more than its text.
    for (const value of [values].flat()) size += name.length + String(value).length + 32;
  }
  if (size > maxBytes) throw new AppError('resource_exhausted', 'The metadata of the call is too large.');
}

/** Opens the scope of one call: request id, trace, and the smaller of the server's limit and the caller's deadline. */
export function openCallScope(
  call: IncomingCall,
  kit: ProcessKit,
  limitMs: number,
  maxMetadataBytes: number,
): ContextScope {
  refuseLargeMetadata(call.metadata, maxMetadataBytes);
  const scope = openContext({
    clock: kit.clock,
    timeoutMs: Math.max(0, Math.min(limitMs, remainingMs(call.getDeadline(), kit))),
    requestId: chooseRequestId(readText(call.metadata, 'x-request-id'), kit),
    trace: continueTrace(readText(call.metadata, 'traceparent'), kit.randomHex),
    principal: undefined,
    idempotencyKey: checkIdempotencyKey(readText(call.metadata, 'idempotency-key')),
    retried: readText(call.metadata, 'x-request-retried') !== undefined,
  });
  call.on('cancelled', () => {
    scope.cancel(new AppError('cancelled', 'The client went away.'));
  });
  return scope;
}

export function readText(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}

function remainingMs(deadline: Date | number, kit: ProcessKit): number {
  const at = typeof deadline === 'number' ? deadline : deadline.getTime();
  // grpc-js counts deadlines on the calendar; Infinity stands for none.
  return at - kit.clock.date().getTime();
}
