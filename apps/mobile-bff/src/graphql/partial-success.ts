import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphqlContext } from './graphql-context.ts';
import { graphqlResponseJson } from './response-type.ts';

/**
 * Data together with errors is «294 Partial Success» when the answer is `application/graphql-response+json`, so that
 * monitoring sees it without reading bodies (GraphQL over HTTP, September 2026, status codes). A client of
 * `application/json` gets 200: from elsewhere it could not trust another status.
 */
export const partialSuccess: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: () =>
    Promise.resolve({
      async willSendResponse({ response: { body, http }, contextValue }) {
        if (contextValue.reply?.type !== graphqlResponseJson || body.kind !== 'single') return;
        const { data, errors } = body.singleResult;
        if (data === undefined || errors === undefined || errors.length === 0) return;
        http.status = 294;
        contextValue.reply.setReason('Partial Success');
      },
    }),
};
