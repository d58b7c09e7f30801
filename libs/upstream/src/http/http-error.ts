import { isErrorCode, type AppError, type Clock, type FieldFault } from '@bff/core';
import { errorCodeOfHttpStatus } from '@bff/contracts';
import { toAppError } from '../answered-error.ts';
import { unavailable } from '../upstream-failure.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** An answer with an error status: the service's own problem when it sent one (RFC 9457), the status otherwise. */
export function answeredProblem(answer: HttpAnswer, operation: string, clock: Clock): AppError {
  const problem = readProblem(answer);
  const { code, detail } = problem;
  const known = isErrorCode(code);
  return toAppError(
    {
      code: known ? code : errorCodeOfHttpStatus(answer.status),
      message: known && typeof detail === 'string' ? detail : undefined,
      faults: readFaults(problem['errors']),
      retryAfterMs: readRetryAfter(answer.retryAfter, clock),
      status: `HTTP ${answer.status}`,
    },
    operation,
  );
}

function readProblem(answer: HttpAnswer): Record<string, unknown> {
  if (!answer.contentType.startsWith('application/problem+json')) return {};
  try {
    const problem: unknown = JSON.parse(answer.body);
    return typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function readFaults(value: unknown): readonly FieldFault[] {
  return Array.isArray(value)
    ? value.filter(isFieldFault).map(({ field, message }) => ({ field, message }))
    : [];
}

function isFieldFault(value: unknown): value is FieldFault {
  return (
    typeof value === 'object' &&
    value !== null &&
    'field' in value &&
    typeof value.field === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

/** Seconds or a date (RFC 9110, 10.2.3) as milliseconds from now. */
function readRetryAfter(value: string | undefined, clock: Clock): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.date().getTime());
}

/** Codes of errors that happen before anything was sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

/** No complete answer came. */
export function exchangeFailed(thrown: unknown, operation: string): AppError {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  if (neverConnected.has(code)) return unavailable('refused', `No connection for ${operation}.`, thrown);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return unavailable('server_error', `The answer to ${operation} is too large.`, thrown);
  }
  return unavailable('reset', `The connection was lost during ${operation}.`, thrown);
}
