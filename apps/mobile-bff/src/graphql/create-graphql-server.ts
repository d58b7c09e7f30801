import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@bff/observability';
import type { Documents } from '../documents/open-documents.ts';
import { formatError } from '../errors.ts';
import { checkOperation } from './check-operation.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { logUnexpected } from './log-unexpected.ts';
import { replyStatus } from './reply-status.ts';

export interface GraphqlServerOptions extends Documents {
  logger: Logger;
  isProduction: boolean;
}

export type GraphqlServer = ApolloServer<GraphqlContext>;

/** Starts the GraphQL engine for queries and mutations. It listens nowhere by itself. */
export async function createGraphqlServer(options: GraphqlServerOptions): Promise<GraphqlServer> {
  const { schema, policy, registered, queryCache, logger, isProduction } = options;
  const server = new ApolloServer<GraphqlContext>({
    schema,
    logger,
    nodeEnv: isProduction ? 'production' : 'development',
    formatError,
    includeStacktraceInErrorResponses: false,
    stringifyResult: (result) => JSON.stringify(result),
    parseOptions: policy.parseOptions,
    // Always «on» for Apollo Server, whose own refusal names the library; the policy refuses instead.
    introspection: true,
    validationRules: [...policy.rules],
    validationOptions: policy.validationOptions,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // A client could register what it likes: where operations are registered beforehand, this is off.
    persistedQueries: registered ? false : { cache: queryCache },
    status400ForVariableCoercionErrors: true,
    // The process ends in the order that `runProcess` lays down; a second handler would raise the signal again.
    stopOnTerminationSignals: false,
    plugins: [
      checkOperation(policy, registered),
      replyStatus,
      logUnexpected(logger),
      ...nothingFromApolloCloud(),
    ],
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
