import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ListOrderOverviews } from '@bff/aggregation';
import type { Logger } from '@bff/observability';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { formatError } from '../errors.ts';
import { createResolvers } from '../resolvers/create-resolvers.ts';
import { loadSchema } from '../schema/load-schema.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { knownOperationTypes } from './known-operation-types.ts';
import { limitDocument, type DocumentLimits } from './limit-document.ts';
import { logUnexpected } from './log-unexpected.ts';
import { partialSuccess } from './partial-success.ts';

export interface GraphqlServerOptions {
  listOverviews: ListOrderOverviews;
  logger: Logger;
  isProduction: boolean;
  limits: DocumentLimits & {
    /** Longer documents are not even parsed. */
    maxTokens: number;
  };
}

export type GraphqlServer = ApolloServer<GraphqlContext>;

/** Starts the GraphQL engine: schema, resolvers, limits and what clients may learn. It listens nowhere by itself. */
export async function createGraphqlServer(options: GraphqlServerOptions): Promise<GraphqlServer> {
  const { listOverviews, logger, isProduction, limits } = options;
  const server = new ApolloServer<GraphqlContext>({
    typeDefs: loadSchema(),
    resolvers: { ...createResolvers({ listOverviews }) },
    logger,
    nodeEnv: isProduction ? 'production' : 'development',
    formatError,
    includeStacktraceInErrorResponses: false,
    stringifyResult: (result) => JSON.stringify(result),
    parseOptions: { maxLexicalTokens: limits.maxTokens },
    // Always «on» for Apollo Server, whose own refusal names the library; graphql's rule refuses instead.
    introspection: true,
    validationRules: [
      limitDocument(limits),
      knownOperationTypes,
      ...(isProduction ? [NoSchemaIntrospectionCustomRule] : []),
    ],
    hideSchemaDetailsFromClientErrors: isProduction,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // The process ends in the order that `runProcess` lays down; a second handler would raise the signal again.
    stopOnTerminationSignals: false,
    plugins: [partialSuccess, logUnexpected(logger), ...nothingFromApolloCloud()],
  });
  await server.start();
  return server;
}

/** No reports to anyone, whatever `APOLLO_*` variables say, no page that loads scripts from elsewhere, no cache hints. */
function nothingFromApolloCloud() {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ];
}
