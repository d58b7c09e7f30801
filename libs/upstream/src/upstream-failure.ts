import { AppError, type ErrorCode } from '@bff/core';
import type { FailureKind } from '@bff/load-balancing';

/**
 * The cause of an AppError when the instance, and not the caller, is to blame. Its kind decides about
 * ejection and retry; its message may name hosts and is for logs only.
 */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: FailureKind;
  /** The tier below has tried what could be tried: asking another of its instances would repeat that. */
  readonly settled: boolean;

  constructor(kind: FailureKind, message: string, cause?: unknown, settled = false) {
    super(message, { cause });
    this.kind = kind;
    this.settled = settled;
  }
}

/** The failure behind an error; undefined for errors that the caller made itself. */
export function failureBehind(error: AppError): UpstreamFailure | undefined {
  return error.cause instanceof UpstreamFailure ? error.cause : undefined;
}

/** What a client may read when the service said nothing for it to read. */
const neutralMessages: Readonly<Record<ErrorCode, string>> = {
  invalid_argument: 'The request is not valid.',
  unauthenticated: 'The service did not accept the identity of the caller.',
  permission_denied: 'The caller may not do this.',
  not_found: 'There is no such resource.',
  conflict: 'The request is in conflict with another one.',
  failed_precondition: 'The resource is not in a state that allows this.',
  idempotency_key_reused: 'The idempotency key was used for another request.',
  resource_exhausted: 'Too many requests; try again later.',
  cancelled: 'The request was cancelled.',
  deadline_exceeded: 'The deadline passed before the answer was complete.',
  upstream_failed: 'A service that is needed for the answer failed.',
  unavailable: 'The service is not available; try again later.',
  unimplemented: 'The service does not offer this.',
  internal: 'The service could not complete the request.',
};

export function neutralMessage(code: ErrorCode): string {
  return neutralMessages[code];
}

/** `unavailable`, with what really happened as its cause. */
export function unavailable(kind: FailureKind, what: string, cause?: unknown): AppError {
  return new AppError('unavailable', neutralMessage('unavailable'), {
    cause: new UpstreamFailure(kind, what, cause),
  });
}

/** An answer that arrived and makes no sense. */
export function malformedAnswer(operation: string, cause?: unknown): AppError {
  return unavailable('server_error', `The answer to ${operation} is malformed.`, cause);
}

/**
 * What an instance is blamed for when it answers with this code; undefined when it did its work. One that is
 * unavailable and says when to come again is well and sheds load (`limitConcurrency` does).
 */
export function blameFor(code: ErrorCode, retryAfterMs?: number): FailureKind | undefined {
  switch (code) {
    case 'unavailable':
      return retryAfterMs === undefined ? 'server_error' : 'overloaded';
    case 'internal':
    case 'upstream_failed':
      return 'server_error';
    case 'deadline_exceeded':
      return 'timeout';
    case 'resource_exhausted':
      return 'overloaded';
    default:
      return undefined;
  }
}
