import express, { type RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/**
 * Reads a JSON body. Anything else is refused (415) instead of being taken for an empty one: form, text and multipart are also what
 * another site's page can send without asking.
 */
export function readJson(maxBytes: number): RequestHandler[] {
  return [requireJson, express.json({ limit: maxBytes, strict: true })];
}

const requireJson: RequestHandler = (request, _response, next) => {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
  // Twice, and each reader could believe another one.
  const given = request.headersDistinct['content-type']?.length ?? 0;
  if (!hasBody || (given === 1 && request.is('application/json'))) next();
  else next(new HttpRefusal(415, 'The body must be application/json.'));
};
