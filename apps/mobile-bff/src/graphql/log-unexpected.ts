import type { ApolloServerPlugin } from '@apollo/server';
import { AppError } from '@bff/core';
import { logFields, type Logger } from '@bff/observability';
import { GraphQLError } from 'graphql';
import { MissingSourceError, originOf } from '../errors.ts';
import type { GraphqlContext } from './graphql-context.ts';

/** Logs what the client is not told: errors that nobody foresaw. Failed sources are logged where they fail. */
export function logUnexpected(logger: Logger): ApolloServerPlugin<GraphqlContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors.filter(isUnexpected)) {
            const fields = { ...logFields(contextValue.context), path: error.path?.join('.') };
            logger.error({ ...fields, err: originOf(error) }, 'a resolver failed');
          }
        },
      }),
  };
}

function isUnexpected(error: GraphQLError): boolean {
  const origin = originOf(error);
  if (origin instanceof AppError) return origin.code === 'internal';
  // graphql's own errors: without a path they are about the request, with one about what a resolver returned.
  if (origin instanceof GraphQLError) return origin.path !== undefined;
  return !(origin instanceof MissingSourceError);
}
