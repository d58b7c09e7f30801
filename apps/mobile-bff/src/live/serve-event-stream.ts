import { once } from 'node:events';
import { AppError } from '@bff/core';
import { contextOf, labelRoute, originOf, type ProcessKit } from '@bff/server-kit';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { presentResult } from '../errors.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';
import { every } from './every.ts';
import { clientGone, openLiveScope, type LiveIdentity } from './live-context.ts';
import type { LiveClients, LiveLimits } from './live-clients.ts';
import {
  openSubscription,
  type PrepareSubscription,
  type SubscriptionRequest,
  type SubscriptionResults,
} from './open-subscription.ts';

export interface EventStreamOptions {
  kit: ProcessKit;
  limits: Pick<LiveLimits, 'pingMs'>;
  clients: LiveClients;
  /** Who shows this `Authorization` value, and for how long it is good. */
  authenticate(authorization: string | readonly string[] | undefined): Promise<LiveIdentity>;
  prepare: PrepareSubscription;
  createContext(context: GraphqlContext['context']): GraphqlContext;
}

/** Does the request want its answer as server-sent events? */
export function wantsEventStream(request: Request): boolean {
  return (
    request.headers.accept?.split(',').some((type) => type.trim().startsWith('text/event-stream')) ?? false
  );
}

/**
 * Subscriptions over server-sent events, in the «distinct connections» mode of graphql-sse: one POST, one stream. Written here
 * because that library's handler queues what a slow client does not take, without a bound; this one asks for the next
 * update when the last one has left.
 */
export function serveEventStream(options: EventStreamOptions): RequestHandler {
  const { kit, clients, authenticate, prepare, createContext } = options;
  return async (request, response) => {
    labelRoute(request, '/graphql (events)');
    if (request.method !== 'POST' || !request.is('application/json')) {
      throw new AppError(
        'invalid_argument',
        'A subscription over server-sent events is a POST of application/json.',
      );
    }
    const { requestId, trace, principal } = contextOf(request);
    if (!principal) throw new AppError('unauthenticated', 'An access token is required.');
    const identity = await authenticate(request.headersDistinct.authorization);
    const leave = clients.join(principal.subject, { moveOn: () => endForReconnect(response) });
    const scope = openLiveScope(kit, identity, { requestId, trace, origin: originOf(request) });
    response.once('close', () => {
      leave();
      scope.cancel(clientGone());
    });
    try {
      const args = await prepare(bodyOf(request), createContext(scope.context));
      await stream(await openSubscription(args), response, scope.context.signal, options);
    } catch (thrown) {
      if (!(thrown instanceof GraphQLError)) throw thrown;
      sendRefusal(thrown, response);
    } finally {
      leave();
      scope.close();
    }
  };
}

async function stream(
  results: SubscriptionResults,
  response: Response,
  /** Aborts when the token has expired. */
  signal: AbortSignal,
  options: EventStreamOptions,
) {
  const { clock } = options.kit;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // A proxy that compresses or collects would hold updates back.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  // Some clients take the stream as open only when something has come.
  response.write(':\n\n');
  const stopPings = every(clock, options.limits.pingMs, () => {
    if (response.writableEnded) return;
    // Nobody takes what was sent a whole interval ago.
    if (response.writableNeedDrain) response.destroy();
    else response.write(':\n\n');
  });
  try {
    for await (const result of resultsOf(results)) {
      // The client has been told to move on, or has gone: this one he gets where he goes on, perhaps with a new token.
      if (signal.aborted) endForReconnect(response);
      if (response.writableEnded || response.destroyed) return;
      response.write(`event: next\ndata: ${JSON.stringify(presentResult(result))}\n\n`);
      if (response.writableNeedDrain) await drained(response);
    }
    if (!response.writableEnded) response.end('event: complete\ndata:\n\n');
  } finally {
    stopPings();
  }
}

/** Resolves when what was sent has left, or the client has. */
async function drained(response: Response): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    waiting.abort();
  }
}

async function* resultsOf(results: SubscriptionResults): AsyncGenerator<ExecutionResult> {
  if (!(Symbol.asyncIterator in results)) {
    yield results;
    return;
  }
  try {
    yield* results;
  } catch (thrown) {
    // The source of updates ended with an error, which concerns the subscription as a whole.
    yield { errors: [new GraphQLError('', { originalError: AppError.from(thrown) })] };
  }
}

function bodyOf({ body }: Request): SubscriptionRequest {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as SubscriptionRequest;
  throw new AppError('invalid_argument', 'The body must be a JSON object.');
}

function sendRefusal(error: GraphQLError, response: Response): void {
  response.status(400).type('application/json');
  response.send(JSON.stringify(presentResult({ errors: [error] })));
}

/** Without the event `complete` the client knows that there is more, and asks again. */
function endForReconnect(response: Response): void {
  if (response.headersSent) response.end();
  else response.destroy();
}
