import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentPolicy } from '../documents/document-policy.ts';
import { isSubscription } from '../documents/document-policy.ts';
import { refused } from '../documents/refused.ts';
import { notRegistered, type RegisteredOperations } from '../documents/registered-operations.ts';
import type { GraphqlContext } from './graphql-context.ts';

/** What is checked of every operation over plain HTTP right before it is executed. */
export function checkOperation(
  policy: DocumentPolicy,
  registered: RegisteredOperations | undefined,
): ApolloServerPlugin<GraphqlContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async didResolveOperation({ document, request, source, operation }) {
          // Documents that are not registered were refused long before; nothing gets round that unseen.
          if (registered && !registered.has(source)) throw notRegistered();
          const { operationName, variables } = request;
          if (operation && isSubscription({ document, operationName, variables })) {
            throw refused('A subscription needs text/event-stream or a WebSocket.', { code: 'BAD_REQUEST' });
          }
          if (operation) policy.checkCost({ document, operationName, variables });
        },
      }),
  };
}
