import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { contextOf } from '@bff/server-kit';
import type { Request, RequestHandler, Response } from 'express';
import type { GraphqlServer } from './create-graphql-server.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { responseTypeFor } from './response-type.ts';

export interface ServeHttpOptions {
  server: GraphqlServer;
  createContext(request: Request): GraphqlContext;
}

/** Answers queries and mutations over plain HTTP, with Apollo Server's own reading of GraphQL over HTTP. */
export function serveHttp({ server, createContext }: ServeHttpOptions): RequestHandler {
  return async (request, response) => {
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        search: searchOf(request.originalUrl),
        // Absent unless the body was JSON; then it is parsed.
        body: request.body as unknown,
      },
      context: async () => ({
        ...createContext(request),
        reply: {
          type: responseTypeFor(request),
          setReason: (phrase) => void (response.statusMessage = phrase),
        },
      }),
    });
    if (contextOf(request).signal.aborted && response.headersSent) return;
    send(answer, response);
  };
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

/** The query string with its question mark, or nothing. */
function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
