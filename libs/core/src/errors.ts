/** The closed set of error codes. Each protocol maps it once, in its own error mapping. */
export const errorCodes = [
  'invalid_argument',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'conflict',
  'failed_precondition',
  'idempotency_key_reused',
  'resource_exhausted',
  'cancelled',
  'deadline_exceeded',
  'upstream_failed',
  'unavailable',
  'unimplemented',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One fault of a request, named so that the caller can mend it. */
export interface FieldFault {
  /** Path of the field in the caller's own terms, `lines[0].quantity`. */
  field: string;
  message: string;
}

export interface AppErrorOptions {
  /** What went wrong underneath. For logs; never shown to a client. */
  cause?: unknown;
  faults?: readonly FieldFault[];
  /** After how many milliseconds a retry makes sense. */
  retryAfterMs?: number;
}

/**
 * The one error class. `message` is written for the client and may be shown to it;
 * everything else about the failure belongs in `cause`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly faults: readonly FieldFault[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Turns whatever was thrown into an AppError. An unknown failure becomes `internal` and keeps its cause. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    return new AppError('internal', 'The request could not be completed.', { cause: thrown });
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(value);
}
