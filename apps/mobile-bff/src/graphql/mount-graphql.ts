import type { GetOrderOverview } from '@bff/aggregation';
import { authenticate, contextOf, type Admission, type ClientIdentity } from '@bff/server-kit';
import express, { type Express, type RequestHandler } from 'express';
import { createOrderLoader } from '../resolvers/order-loader.ts';
import type { GraphqlServer } from './create-graphql-server.ts';
import { sendGraphqlError } from './send-graphql-error.ts';
import { serveHttp } from './serve-http.ts';

export interface GraphqlRouteOptions {
  server: GraphqlServer;
  getOverview: GetOrderOverview;
  identity: ClientIdentity;
  admission: Admission;
}

export const graphqlPath = '/graphql';
const bodyLimit = '100kb';

/**
 * Serves GraphQL at `/graphql`: who is calling first, then how often, and only then is a body read. What is refused on the
 * way is answered in GraphQL's shape too.
 */
export function mountGraphql(app: Express, options: GraphqlRouteOptions): void {
  const { server, getOverview, identity, admission } = options;
  app.all(
    graphqlPath,
    forbidStoring,
    authenticate((request) => identity.authenticate(request.headersDistinct.authorization)),
    ...admission.requests,
    express.json({ limit: bodyLimit }),
    serveHttp({
      server,
      createContext: (request) => ({
        context: contextOf(request),
        loadOrder: createOrderLoader(getOverview, contextOf(request)),
      }),
    }),
  );
  app.use(graphqlPath, sendGraphqlError);
}

/** Answers belong to one user, and an incomplete one must not be shown again when the rest is back. */
const forbidStoring: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
