import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Context } from '@bff/core';
import { contextOf } from '@bff/server-kit';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError } from 'graphql';
import type { RegisteredOperations } from '../documents/registered-operations.ts';
import { presentResult } from '../errors.ts';
import type { GraphqlServer } from './create-graphql-server.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { registeredRequest, type SentRequest } from './registered-request.ts';
import { responseTypeFor } from './response-type.ts';

export interface AnswerQueriesOptions {
  server: GraphqlServer;
  registered: RegisteredOperations | undefined;
  createContext(context: Context): GraphqlContext;
}

/** Answers queries and mutations over plain HTTP, with Apollo Server's own reading of GraphQL over HTTP. */
export function answerQueries({ server, registered, createContext }: AnswerQueriesOptions): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    const type = responseTypeFor(request);
    let sent = sentRequest(request);
    try {
      if (registered) sent = registeredRequest(sent, registered);
    } catch (thrown) {
      if (!(thrown instanceof GraphQLError)) throw thrown;
      response
        .status(400)
        .type(type)
        .send(JSON.stringify(presentResult({ errors: [thrown] })));
      return;
    }
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        ...sent,
        headers: headersOf(request),
      },
      context: async () => ({
        ...createContext(context),
        reply: {
          type,
          setReason: (phrase) => void (response.statusMessage = phrase),
        },
      }),
    });
    // The deadline has answered already.
    if (!response.headersSent) send(answer, response);
  };
}

function sentRequest({ method, originalUrl, body }: Request): SentRequest {
  const start = originalUrl.indexOf('?');
  const search = start === -1 ? '' : originalUrl.slice(start);
  // Absent unless the body was JSON.
  return { method, search, body: body as unknown };
}

function send({ headers, status, body }: HTTPGraphQLResponse, response: Response): void {
  // Incremental delivery is not offered (graphql 16), so there is no other kind.
  if (body.kind !== 'complete') throw new Error('Apollo Server answered in several parts.');
  for (const [name, value] of headers) response.setHeader(name, value);
  response.status(status ?? 200).send(body.string);
}

function headersOf({ headers }: Request): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
