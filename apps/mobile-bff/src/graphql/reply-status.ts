import type { ApolloServerPlugin } from '@apollo/server';
import { isRefused } from '../documents/refused.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { graphqlResponseJson } from './response-type.ts';

/** Faults in a document or its variables, found before anything is executed. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * The HTTP status of an answer, as the draft of GraphQL over HTTP (September 2026) has it.
 *
 * - `application/graphql-response+json`: data together with errors is «294 Partial Success», so that monitoring sees it
 *   without reading bodies; a wrong document is 400, as Apollo Server answers it.
 * - `application/json`: a well-formed request is answered with 200, whatever is wrong with its document: such clients cannot
 *   tell a GraphQL answer of another status from one of a server in between.
 *
 * A request that is refused, for its size for instance, is 400 to both.
 */
export const replyStatus: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: () =>
    Promise.resolve({
      async willSendResponse({ response: { body, http }, contextValue: { reply }, errors = [] }) {
        if (!reply || body.kind !== 'single') return;
        const { data, errors: shown = [] } = body.singleResult;
        if (shown.length === 0) return;
        if (reply.type === graphqlResponseJson) {
          if (data === undefined) return;
          http.status = 294;
          reply.setReason('Partial Success');
        } else if (data === undefined && http.status === 400 && !errors.some(isRefused)) {
          if (shown.every(({ extensions }) => requestFaults.has(extensions?.['code']))) http.status = 200;
        }
      },
    }),
};
