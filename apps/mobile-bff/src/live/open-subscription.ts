import { subscribe, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { isSubscription, type DocumentPolicy } from '../documents/document-policy.ts';
import { persistedQueryPrefix, type QueryCache } from '../documents/query-cache.ts';
import { refused } from '../documents/refused.ts';
import {
  idOf,
  type DocumentReference,
  type RegisteredOperations,
} from '../documents/registered-operations.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';

/** A subscription as the client asks for it, over whatever connection. */
export interface SubscriptionRequest extends DocumentReference {
  operationName?: unknown;
  variables?: unknown;
}

export interface PrepareSubscriptionOptions {
  schema: GraphQLSchema;
  policy: DocumentPolicy;
  registered: RegisteredOperations | undefined;
  queryCache: QueryCache;
}

export type PrepareSubscription = (
  request: SubscriptionRequest,
  contextValue: GraphqlContext,
) => Promise<ExecutionArgs>;

/**
 * Checks a subscription as Apollo Server checks what it answers itself: registered or not, size, validity, cost. Throws a
 * GraphQLError for what is refused.
 */
export function prepareSubscription(options: PrepareSubscriptionOptions): PrepareSubscription {
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
    return { schema, document, operationName, variableValues: variables, contextValue };
  };
}

/** Texts are kept by Apollo Server when a query comes with its hash; here they are only read. */
async function findText(request: DocumentReference, cache: QueryCache): Promise<string> {
  if (typeof request.query === 'string' && request.query !== '') return request.query;
  const id = idOf(request);
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
