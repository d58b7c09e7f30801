import { AppError } from '@bff/core';
import express, { type Request, type RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/**
 * Reads a JSON body. Anything else is refused (415) instead of being taken for an empty one: form, text and multipart are also what
 * another site's page can send without asking.
 */
export function readJson(maxBytes: number): RequestHandler[] {
  return [requireJson, express.json({ limit: maxBytes, strict: true }), requireWhole];
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

const requireJson: RequestHandler = (request, _response, next) => {
  // Twice, and each reader could believe another one.
  const given = request.headersDistinct['content-type']?.length ?? 0;
  if (!hasBody(request) || (given === 1 && request.is('application/json'))) next();
  else next(new HttpRefusal(415, 'The body must be application/json.'));
};

/** The parser of express takes a connection that broke in mid-body for a body that was read: nothing may be done for that. */
const requireWhole: RequestHandler = (request, _response, next) => {
  if (request.complete || !hasBody(request)) next();
  else next(new AppError('cancelled', 'The request broke off.'));
};
