import type { GraphQLSchema } from 'graphql';
import type { Configuration } from '../config.ts';
import { createDocumentPolicy, type DocumentPolicy } from './document-policy.ts';
import { createQueryCache, type QueryCache } from './query-cache.ts';
import type { RegisteredOperations } from './registered-operations.ts';

/** What is answered, over whatever connection it is asked. */
export interface Documents {
  readonly schema: GraphQLSchema;
  readonly policy: DocumentPolicy;
  /** No others are answered; undefined for any, and then automatic persisted queries are on. */
  readonly registered: RegisteredOperations | undefined;
  readonly queryCache: QueryCache;
}

export function openDocuments(schema: GraphQLSchema, configuration: Configuration): Documents {
  const limits = {
    maxTokens: configuration.QUERY_MAX_TOKENS,
    maxDepth: configuration.QUERY_MAX_DEPTH,
    maxAliases: configuration.QUERY_MAX_ALIASES,
    maxFields: configuration.QUERY_MAX_FIELDS,
    maxCost: configuration.QUERY_MAX_COST,
  };
  const isProduction = configuration.NODE_ENV === 'production';
  return {
    schema,
    policy: createDocumentPolicy({ schema, isProduction, limits }),
    registered: configuration.OPERATION_MANIFEST,
    queryCache: createQueryCache(configuration.PERSISTED_QUERY_CHARACTERS),
  };
}
