import { subscribe, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isSubscription } from '../documents/document-policy.ts';
import type { Documents } from '../documents/open-documents.ts';
import { persistedQueryPrefix, type QueryCache } from '../documents/query-cache.ts';
import { refused } from '../documents/refused.ts';
import { idOf, sha256, type DocumentReference } from '../documents/registered-operations.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';

/** A subscription as the client asks for it, over whatever connection. */
export interface SubscriptionRequest extends DocumentReference {
  operationName?: unknown;
  variables?: unknown;
}

export type PrepareSubscription = (
  request: SubscriptionRequest,
  contextValue: GraphqlContext,
) => Promise<ExecutionArgs>;

/**
 * Checks a subscription as Apollo Server checks what it answers itself: registered or not, size, validity, cost. Throws a
 * GraphQLError for what is refused.
 */
export function prepareSubscription(options: Documents): PrepareSubscription {
  const { schema, policy, registered, queryCache } = options;
  return async (request, contextValue) => {
    const text = registered ? registered.textOf(request) : await findText(request, queryCache);
    const document = policy.read(text);
    const operationName = typeof request.operationName === 'string' ? request.operationName : undefined;
    const variables = variablesOf(request);
    if (!isSubscription({ document, operationName, variables })) {
      throw refused('Queries and mutations are answered over plain HTTP.', { code: 'BAD_REQUEST' });
    }
    policy.checkCost({ document, operationName, variables });
    if (!registered && idOf(request) !== undefined) {
      await queryCache.set(`${persistedQueryPrefix}${sha256(text)}`, text);
    }
    return { schema, document, operationName, variableValues: variables, contextValue };
  };
}

/** Automatic persisted queries as Apollo Server has them: with its hash a text is kept, later the hash will do. */
async function findText(request: DocumentReference, cache: QueryCache): Promise<string> {
  const id = idOf(request);
  if (typeof request.query === 'string' && request.query !== '') {
    if (id === undefined || id === sha256(request.query)) return request.query;
    throw refused('The hash is not that of the query.', { code: 'BAD_REQUEST' });
  }
  if (id === undefined) throw refused('A request needs a query.', { code: 'BAD_REQUEST' });
  const text = await cache.get(`${persistedQueryPrefix}${id}`);
  if (text === undefined) throw refused('PersistedQueryNotFound', { code: 'PERSISTED_QUERY_NOT_FOUND' });
  return text;
}

function variablesOf({ variables = null }: SubscriptionRequest): Record<string, unknown> | null {
  if (variables === null) return null;
  if (typeof variables === 'object' && !Array.isArray(variables)) return variables as Record<string, unknown>;
  throw refused('`variables` must be an object.', { code: 'BAD_REQUEST' });
}

/** The results one by one, or the single one that says why there are none. */
export type SubscriptionResults = AsyncIterable<ExecutionResult> | ExecutionResult;

export async function openSubscription(args: ExecutionArgs): Promise<SubscriptionResults> {
  return subscribe(args);
}
