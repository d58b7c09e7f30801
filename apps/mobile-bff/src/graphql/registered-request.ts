import {
  idOf,
  type DocumentReference,
  type RegisteredOperations,
} from '../documents/registered-operations.ts';

/** What of an HTTP request names the document. */
export interface SentRequest {
  method: string;
  /** The query string with its question mark, or nothing. */
  search: string;
  /** Parsed JSON; undefined when there is none. */
  body: unknown;
}

/**
 * The same request with the registered text in the place of whatever named it: text, hash or id. Throws for an operation
 * that is not registered. A request that names none is left to Apollo Server, which refuses it.
 */
export function registeredRequest(sent: SentRequest, registered: RegisteredOperations): SentRequest {
  if (sent.method === 'GET') return { ...sent, search: registeredSearch(sent.search, registered) };
  const { body } = sent;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return sent;
  const reference = body as DocumentReference;
  if (!namesDocument(reference)) return sent;
  return { ...sent, body: { ...body, ...documentOnly(reference, registered) } };
}

function registeredSearch(search: string, registered: RegisteredOperations): string {
  const parameters = new URLSearchParams(search);
  const reference = {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions: parseObject(parameters.get('extensions')),
  };
  if (!namesDocument(reference)) return search;
  const { query, extensions } = documentOnly(reference, registered);
  parameters.set('query', query);
  parameters.delete('documentId');
  parameters.set('extensions', JSON.stringify(extensions));
  return `?${parameters.toString()}`;
}

function namesDocument(reference: DocumentReference): boolean {
  return typeof reference.query === 'string' || idOf(reference) !== undefined;
}

/** Without the hash: automatic persisted queries are off, and Apollo Server would refuse the mere mention. */
function documentOnly(reference: DocumentReference, registered: RegisteredOperations) {
  const { persistedQuery: _, ...extensions } = (reference.extensions ?? {}) as Record<string, unknown>;
  return { query: registered.textOf(reference), extensions };
}

function parseObject(text: string | null): unknown {
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
