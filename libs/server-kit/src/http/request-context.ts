import { AppError, continueTrace, openContext, type Context, type ContextScope } from '@bff/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProcessKit } from '../process-kit.ts';

const contexts = new WeakMap<IncomingMessage, Context>();

/** The context of a request that came through `createHttpApp`. */
export function contextOf(request: IncomingMessage): Context {
  const context = contexts.get(request);
  if (!context) throw new Error('This request has no context: createHttpApp must come first.');
  return context;
}

/** Replaces the request's context, with its principal for instance. */
export function setContext(request: IncomingMessage, context: Context): void {
  contexts.set(request, context);
}

const requestIdPattern = /^[\w.~-]{1,64}$/;
const maxIdempotencyKeyLength = 255;

/** A request id given from outside is kept when it is harmless, otherwise a new one is made. */
export function chooseRequestId(given: string | undefined, kit: ProcessKit): string {
  return given !== undefined && requestIdPattern.test(given) ? given : kit.randomHex(8);
}

/** An idempotency key is any printable text up to 255 characters; anything else is refused. */
export function checkIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  if (given.length <= maxIdempotencyKeyLength && /^[\x20-\x7e]+$/.test(given)) return given;
  const message = 'must be at most 255 printable ASCII characters';
  throw new AppError('invalid_argument', `The idempotency key ${message}.`, {
    faults: [{ field: 'Idempotency-Key', message }],
  });
}

/**
 * Opens the request's scope: request id, trace, deadline (the smaller of the server's limit and the caller's
 * `x-request-timeout-ms`). It ends with the response; a client that leaves before that cancels it.
 */
export function openRequestScope(
  request: IncomingMessage,
  response: ServerResponse,
  kit: ProcessKit,
  limitMs: number,
): ContextScope {
  const { headers } = request;
  const scope = openContext({
    clock: kit.clock,
    timeoutMs: Math.min(limitMs, readTimeout(headers['x-request-timeout-ms'])),
    requestId: chooseRequestId(single(headers['x-request-id']), kit),
    trace: continueTrace(single(headers.traceparent), kit.randomHex),
    principal: undefined,
    idempotencyKey: checkIdempotencyKey(single(headers['idempotency-key'])),
    retried: headers['x-request-retried'] !== undefined,
  });
  contexts.set(request, scope.context);
  response.once('close', () => {
    if (response.writableFinished) scope.close();
    else scope.cancel(new AppError('cancelled', 'The client went away.'));
  });
  return scope;
}

function readTimeout(header: string | string[] | undefined): number {
  if (header === undefined) return Infinity;
  const value = single(header) ?? '';
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new AppError(
    'invalid_argument',
    'x-request-timeout-ms must be a positive whole number of milliseconds.',
  );
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
