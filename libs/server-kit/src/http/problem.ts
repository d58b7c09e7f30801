import { STATUS_CODES } from 'node:http';
import { AppError, type FieldFault } from '@bff/core';
import { errorCodeOfHttpStatus, httpStatusOf } from '@bff/contracts';
import { HttpRefusal } from './http-refusal.ts';

/** An RFC 9457 problem. `code` is the workspace's own, stable name of the error. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId?: string;
  errors?: readonly FieldFault[];
}

/** What express and its body parsers throw: an error that carries a status of the 4xx range and may be shown. */
interface HttpError extends Error {
  status: number;
  expose: boolean;
}

function isClientHttpError(thrown: unknown): thrown is HttpError {
  return (
    thrown instanceof Error &&
    'status' in thrown &&
    Number(thrown.status) >= 400 &&
    Number(thrown.status) < 500
  );
}

const clientFaults: Readonly<Record<number, string>> = {
  400: 'The request could not be understood.',
  413: 'The body is larger than this server accepts.',
  415: 'The content type or encoding of the body is not supported.',
};

/** Makes the problem of whatever was thrown. Says nothing about the inside: unknown errors become a bare 500. */
export function problemOf(thrown: unknown, requestId?: string): Problem {
  const id = requestId === undefined ? {} : { requestId };
  if (thrown instanceof HttpRefusal) {
    const { status, message } = thrown;
    return { ...head(status), detail: message, code: errorCodeOfHttpStatus(status), ...id };
  }
  if (!(thrown instanceof AppError) && isClientHttpError(thrown)) {
    const { status } = thrown;
    const detail = clientFaults[status] ?? 'The request was refused.';
    return { ...head(status), detail, code: errorCodeOfHttpStatus(status), ...id };
  }
  const error = AppError.from(thrown);
  const errors = error.faults.length > 0 ? { errors: error.faults } : {};
  return { ...head(httpStatusOf(error.code)), detail: error.message, code: error.code, ...id, ...errors };
}

function head(status: number): Pick<Problem, 'type' | 'title' | 'status'> {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Client Closed Request', status };
}
