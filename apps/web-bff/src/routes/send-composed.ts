import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { SourceOutcome } from '@bff/aggregation';
import { isComplete, presentMeta } from '../present/completeness.ts';

/**
 * Sends an answer that was put together from several services. A complete one carries a strong ETag over its body and
 * is not sent again to a client that has it; one that lacks a part is kept by nobody.
 */
export function sendComposed(
  request: Request,
  response: Response,
  view: object,
  sources: readonly SourceOutcome[],
): void {
  const meta = presentMeta(sources);
  const complete = isComplete(meta);
  const body = JSON.stringify({ ...view, meta });
  response.setHeader('X-Completed', String(complete));
  // Whoever the user is decides what he sees, and he may come with a token or with a session.
  response.vary('Authorization').vary('Cookie');
  // What lacks a part now may have it a second later: no cache may keep it, not even the client's own.
  // And what a session may see is for no cache at all, which authentication has said already.
  if (!response.hasHeader('Cache-Control') || !complete) {
    response.setHeader('Cache-Control', complete ? 'private, no-cache' : 'no-store');
  }
  // The age of the oldest part, where one was kept here (RFC 9111, 5.1).
  const ageMs = Math.max(0, ...sources.map((source) => source.ageMs ?? 0));
  if (ageMs >= 1_000) response.setHeader('Age', String(Math.floor(ageMs / 1_000)));
  if (complete) {
    const tag = createHash('sha256').update(body).digest('base64url').slice(0, 27);
    const known = findKnownTag(request, tag);
    if (known !== undefined) {
      response.vary('Accept-Encoding').setHeader('ETag', known).status(304).end();
      return;
    }
    response.setHeader('ETag', `"${tag}"`);
  }
  response.type('application/json').send(body);
}

/**
 * Gives every coding of an answer a tag of its own, as a strong validator must have (RFC 9110, 8.8.3.3): `"abc"` is the
 * plain body, `"abc-br"` the one that Brotli made. Goes before compression, so that it sees what that decided.
 */
export const tagByCoding: RequestHandler = (_request, response, next) => {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => Response;
  response.writeHead = (...head: unknown[]) => {
    const coding = response.getHeader('Content-Encoding');
    const tag = response.getHeader('ETag');
    if (typeof coding === 'string' && typeof tag === 'string') {
      response.setHeader('ETag', tag.replace(/"$/, `-${coding}"`));
    }
    return writeHead(...head);
  };
  next();
};

const listedTag = /(?:W\/)?"([\w-]{27})(?:-(br|gzip|deflate))?"/g;

/** The client's own tag for this body, in a coding that it still accepts; `*` stands for any. */
function findKnownTag(request: Request, tag: string): string | undefined {
  const given = request.get('If-None-Match');
  if (given === undefined) return undefined;
  if (given.trim() === '*') return `"${tag}"`;
  for (const [, name, coding] of given.matchAll(listedTag)) {
    if (name !== tag) continue;
    if (coding === undefined) return `"${tag}"`;
    if (request.acceptsEncodings(coding) !== false) return `"${tag}-${coding}"`;
  }
  return undefined;
}
