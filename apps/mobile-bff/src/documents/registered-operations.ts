import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refused } from './refused.ts';

/** The parts of a GraphQL request that say which document is meant. */
export interface DocumentReference {
  query?: unknown;
  extensions?: unknown;
  /** As the GraphQL over HTTP draft's appendix on persisted documents names it. */
  documentId?: unknown;
}

/** The operations that clients have registered with this server: their documents by the SHA-256 of their text. */
export interface RegisteredOperations {
  readonly size: number;
  /** The text of a registered document, whether the client sent the text or its id alone. Throws for any other. */
  textOf(reference: DocumentReference): string;
  has(text: string): boolean;
}

const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })).min(1),
});

/** Reads a manifest; throws an error that says what is wrong with it. */
export function readRegisteredOperations(text: string): RegisteredOperations {
  const parsed = manifest.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error('must be an operation manifest (format apollo-persisted-query-manifest, version 1)');
  }
  const byId = new Map<string, string>();
  for (const { id, body } of parsed.data.operations) {
    if (sha256(body) !== id) throw new Error(`must have the SHA-256 of each body as its id, unlike ${id}`);
    byId.set(id, body);
  }
  return {
    size: byId.size,
    has: (body) => byId.has(sha256(body)),
    textOf(reference) {
      const id = typeof reference.query === 'string' ? sha256(reference.query) : idOf(reference);
      const body = id === undefined ? undefined : byId.get(id);
      if (body === undefined) throw notRegistered();
      return body;
    },
  };
}

export function notRegistered() {
  return refused('This operation is not registered with this server.', { code: 'OPERATION_NOT_REGISTERED' });
}

/** The id that stands for a document which was not sent; undefined when there is none. */
export function idOf({ documentId, extensions }: DocumentReference): string | undefined {
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '');
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash : undefined;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
