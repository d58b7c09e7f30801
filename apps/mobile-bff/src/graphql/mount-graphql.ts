import { expressMiddleware } from '@as-integrations/express5';
import { rateLimitHeaders, RateLimitExceeded, userKey, type RateLimiter } from '@bff/admission';
import type { GetOrderOverview } from '@bff/aggregation';
import { AppError } from '@bff/core';
import { authenticate, contextOf, type ClientIdentity } from '@bff/server-kit';
import express, { type Express, type RequestHandler } from 'express';
import { createOrderLoader } from '../resolvers/order-loader.ts';
import type { GraphqlServer } from './create-graphql-server.ts';
import { responseTypeFor } from './response-type.ts';
import { sendGraphqlError } from './send-graphql-error.ts';

export interface GraphqlRouteOptions {
  server: GraphqlServer;
  getOverview: GetOrderOverview;
  identity: ClientIdentity;
  rateLimiter: RateLimiter;
}

export const graphqlPath = '/graphql';
const bodyLimit = '100kb';

/**
 * Serves GraphQL at `/graphql`: who is calling first, then how often, and only then is a body read. What is refused on the
 * way is answered in GraphQL's shape too.
 */
export function mountGraphql(app: Express, options: GraphqlRouteOptions): void {
  const { server, getOverview, identity, rateLimiter } = options;
  app.all(
    graphqlPath,
    forbidStoring,
    authenticate((request) => identity.authenticate(request.headersDistinct.authorization)),
    limitRate(rateLimiter),
    express.json({ limit: bodyLimit }),
    expressMiddleware(server, {
      context: async ({ req, res }) => ({
        context: contextOf(req),
        loadOrder: createOrderLoader(getOverview, contextOf(req)),
        responseType: responseTypeFor(req),
        setReason: (phrase) => void (res.statusMessage = phrase),
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

function limitRate(limiter: RateLimiter): RequestHandler {
  return async (request, response, next) => {
    const { principal } = contextOf(request);
    if (!principal) throw new AppError('unauthenticated', 'An access token is required.');
    try {
      response.set({ ...rateLimitHeaders(await limiter.consume(userKey(principal.subject))) });
    } catch (thrown) {
      if (thrown instanceof RateLimitExceeded) response.set({ ...rateLimitHeaders(thrown.state) });
      throw thrown;
    }
    next();
  };
}
