import type { IncomingMessage } from 'node:http';

/** What decides about keeping a body. */
export interface ReplayOptions {
  /** Larger bodies are streamed. */
  maxBytes: number;
  /** Reads that are sent as POST: GraphQL. */
  graphql: boolean;
}

/** By the nature of the method, twice is once (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

export interface ReplayableBody {
  /** The whole body; undefined when there is none or it will be streamed. */
  readonly body: Buffer | undefined;
  /** Repeating the request is harmless. */
  readonly isRead: boolean;
}

/** Reads a small body to its end if the request could then be repeated. Rejects when the client leaves in the middle. */
export async function readReplayable(
  request: IncomingMessage,
  { maxBytes, graphql }: ReplayOptions,
): Promise<ReplayableBody> {
  const { method, headers } = request;
  const isRead = idempotent.has(method);
  const length = Number(headers['content-length'] ?? 0);
  const worthIt = isRead || graphql || headers['idempotency-key'] !== undefined;
  // Of a chunked one nobody knows the end.
  if (!worthIt || length === 0 || length > maxBytes || headers['transfer-encoding'] !== undefined) {
    return { body: undefined, isRead };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return { body, isRead: isRead || (graphql && cannotChangeAnything(body)) };
}

/**
 * A document without the word has no mutation. Compressed, escaped (`\\u006d…`) or by a hash alone, nobody can tell at a
 * glance, and then it counts as one.
 */
function cannotChangeAnything(body: Buffer): boolean {
  return body.includes('"query"') && !['mutation', 'subscription', '\\u'].some((sign) => body.includes(sign));
}
