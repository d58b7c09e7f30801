import type { IncomingMessage } from 'node:http';
import { AppError } from '@bff/core';

/** Larger than any form of ours, in bytes. */
const maxBytes = 8_192;

/** The fields of a posted form. Throws an `AppError` `invalid_argument` when the body is too large. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new AppError('invalid_argument', 'The form is too large.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
