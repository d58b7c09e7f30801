import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

/** One of the generated documents: its text, and the types of what goes in and comes out. */
export interface TypedDocument<Result, Variables> extends DocumentTypeDecoration<Result, Variables> {
  toString(): string;
  __meta__?: Record<string, unknown> | undefined;
}

/** An entry of `errors`: `path` says which field is null because of it. */
export interface GraphqlFault {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string; source?: string; [name: string]: unknown };
}

export interface Answer<Result> {
  /** Null or undefined when there is nothing to show; otherwise fields may still be null, with a fault at their path. */
  data?: Result | null;
  errors?: readonly GraphqlFault[];
}

export interface MobileClientOptions {
  /** `https://mobile.example.com/graphql`. */
  url: string;
  /** A valid access token; asked for before every request. */
  token(): Promise<string>;
  /** Default: the platform's. */
  fetch?: typeof fetch;
}

export interface MobileClient {
  /**
   * Sends a query or a mutation. Rejects when there was no answer at all (`TypeError` of `fetch`) or none of GraphQL;
   * whatever GraphQL says is in the answer.
   */
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Answer<Result>>;
}

const notFound = 'PERSISTED_QUERY_NOT_FOUND';

/**
 * A client in a page of code, without a cache: what generated documents need at least. It sends the hash of a document
 * and its text only when the server asks for it, so a server that has the operation registered gets no text at all.
 */
export function createMobileClient({ url, token, fetch: send = fetch }: MobileClientOptions): MobileClient {
  return {
    async request<Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      signal?: AbortSignal,
    ): Promise<Answer<Result>> {
      const post = async (query?: string): Promise<Answer<Result>> => {
        const response = await send(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json, application/json;q=0.9',
            authorization: `Bearer ${await token()}`,
          },
          body: JSON.stringify({ query, variables, extensions: persisted(document) }),
          ...(signal ? { signal } : {}),
        });
        return readAnswer<Result>(response);
      };
      const answer = await post();
      const isUnknown = answer.errors?.some(({ extensions }) => extensions?.code === notFound) ?? false;
      return isUnknown ? post(document.toString()) : answer;
    },
  };
}

function persisted({ __meta__: meta }: { __meta__?: Record<string, unknown> | undefined }) {
  return { persistedQuery: { version: 1, sha256Hash: meta?.['hash'] } };
}

async function readAnswer<Result>(response: Response): Promise<Answer<Result>> {
  const type = response.headers.get('content-type') ?? '';
  if (/json/.test(type) && !/problem/.test(type)) return (await response.json()) as Answer<Result>;
  throw new Error(`The server answered ${response.status} and no GraphQL.`);
}
