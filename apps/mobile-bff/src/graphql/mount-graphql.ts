import { authenticate, presentErrors, readJson, type Admission, type ClientIdentity } from '@bff/server-kit';
import type { Express, RequestHandler } from 'express';
import { presentHttpError } from './present-http-error.ts';
import { graphqlPath, idePath } from './paths.ts';
import { wantsEventStream } from '../live/serve-event-stream.ts';

export interface GraphqlRouteOptions {
  identity: ClientIdentity;
  admission: Admission;
  /** Answers queries and mutations. */
  answer: RequestHandler;
  /** Answers subscriptions as server-sent events. */
  stream: RequestHandler;
  maxBodyBytes: number;
  /** The IDE; undefined in production. */
  ide: RequestHandler | undefined;
}

/**
 * Serves GraphQL at `/graphql`: who is calling first, then how often, and only then is a body read. A stream takes no place
 * among the requests in flight, since it would hold it for hours.
 */
export function mountGraphql(app: Express, options: GraphqlRouteOptions): void {
  const { identity, admission, answer, stream, maxBodyBytes, ide } = options;
  const readBody = readJson(maxBodyBytes);
  const whoIsCalling = authenticate((request) =>
    identity.authenticate(request.headersDistinct.authorization),
  );
  presentErrors(app, presentHttpError);
  if (ide) app.get(idePath, ide);
  app.all(
    graphqlPath,
    forbidStoring,
    whoIsCalling,
    (request, _response, next) => {
      if (wantsEventStream(request)) next();
      else next('route');
    },
    ...admission.streams,
    ...readBody,
    stream,
  );
  app.all(graphqlPath, ...admission.requests, ...readBody, answer);
}

/** Answers belong to one user, and an incomplete one must not be shown again when the rest is back. */
const forbidStoring: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
