import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-refusal.ts';

/**
 * Watches the size of a request's body, whoever reads or forwards it. Returns the refusal of one that is announced too large;
 * calls `refuse` once when a body of unknown length turns out to be.
 */
export function limitBody(
  request: IncomingMessage,
  maxBytes: number,
  refuse: (refusal: HttpRefusal) => void,
): HttpRefusal | undefined {
  // The connection stays: node reads the rest and forgets it, so that the client gets to read the answer. A body without an end
  // is cut when the time to receive it is over.
  const tooLarge = new HttpRefusal(413, 'The body is larger than this server accepts.');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge;
  if (request.headers['transfer-encoding'] === undefined) return undefined;
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) return;
    request.off('data', count);
    refuse(tooLarge);
  };
  // Not `request.on`: a stream's own method would start the flow before its reader is there.
  EventEmitter.prototype.on.call(request, 'data', count);
  return undefined;
}

/** Whether it is the client who is waited for: what came of the body has been read, and it is not whole. */
export function awaitsBody(request: IncomingMessage): boolean {
  return !request.complete && request.readableFlowing !== false && request.readableLength === 0;
}
