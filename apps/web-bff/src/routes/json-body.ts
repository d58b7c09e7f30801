import { AppError } from '@bff/core';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';

const limitBytes = 64 * 1024;

/** Reads a JSON body of at most 64 KiB. Another type is 415, a larger body 413, one that is no JSON 400. */
export function jsonBody(): (RequestHandler | ErrorRequestHandler)[] {
  return [requireJson, express.json({ limit: limitBytes, strict: true }), explainFault];
}

/** express takes a body of another type for none at all, which would be blamed on the fields. */
const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (hasBody && !request.is('application/json')) {
    throw Object.assign(new Error('not JSON'), { status: 415, expose: true });
  }
  next();
};

/** express tells error handlers by their four parameters. */
const explainFault: ErrorRequestHandler = (thrown: { type?: unknown }, _request, _response, next) => {
  if (thrown.type !== 'entity.parse.failed') {
    next(thrown);
    return;
  }
  const faults = [{ field: 'body', message: 'is not a JSON object' }];
  next(new AppError('invalid_argument', 'The body is not valid JSON.', { faults, cause: thrown }));
};
