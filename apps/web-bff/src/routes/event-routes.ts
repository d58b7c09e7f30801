import type { OrderOverviewUpdate, WatchOrder } from '@bff/aggregation';
import { AppError, openContext, type ContextScope } from '@bff/core';
import { contextOf, type ProcessKit } from '@bff/server-kit';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { watchOrderOperation } from '../contract/event-operation.ts';
import { methodNotAllowed } from '../errors.ts';
import { openEventStream } from '../events/event-stream.ts';
import type { StreamPlaces } from '../events/stream-places.ts';
import { presentOrderUpdate } from '../present/order-update.ts';
import { readOrderId } from './read-order-id.ts';
import { readRequest } from './read-request.ts';

export interface EventRoutesOptions {
  /** Undefined where the services cannot be watched. */
  watchOrder: WatchOrder | undefined;
  kit: Pick<ProcessKit, 'clock' | 'drain'>;
  /** What a request passes before it gets a stream. */
  gates: readonly RequestHandler[];
  /** Calls `end` when whoever sent the request has signed out; returns what stops listening. */
  whenSignedOut(request: Request, end: () => void): () => void;
  /** In [0, 1): spreads the clients that come back. */
  random: () => number;
  places: StreamPlaces;
  heartbeatMs: number;
  stallMs: number;
  /** A stream ends after this time, and its client comes back with a credential that is looked at again. */
  lifeMs: number;
}

type Updates = ReturnType<WatchOrder>;
type First = Promise<IteratorResult<OrderOverviewUpdate, undefined>>;

/** For so long a stream is not begun without a first update: until it has begun, a failure has a status of its own. */
const firstUpdateMs = 250;
/** Clients come back within this time, not all at the same moment. */
const returnWithinMs = 500;

const eventsPath = '/orders/:orderId/events';

/** `GET /orders/{orderId}/events`: the order page as it is, and again after every change. */
export function createEventRoutes(options: EventRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  // express answers HEAD by running the handler of GET, which would open a stream.
  router.head(eventsPath, methodNotAllowed(['GET']));
  router.get(
    eventsPath,
    ...options.gates,
    async (request: Request<{ orderId: string }>, response: Response) => {
      const { headers } = readRequest(watchOrderOperation, request);
      const watched = { orderId: readOrderId(request), after: headers['Last-Event-ID'] };
      if (!options.watchOrder) throw new AppError('unimplemented', 'There are no live updates here.');
      const leavePlace = options.places.take(contextOf(request).principal?.subject ?? '');
      const scope = openStreamScope(request, response, options);
      const updates = options.watchOrder(watched, scope.context);
      try {
        // Well before the request's own deadline, which answers with a failure as long as nothing has been sent.
        const patienceMs = Math.min(firstUpdateMs, contextOf(request).deadline.remainingMs() / 2);
        await serveUpdates(updates, response, options, patienceMs);
      } finally {
        await updates.return?.();
        scope.close();
        leavePlace();
      }
    },
  );
  router.all(eventsPath, methodNotAllowed(['GET']));
  return router;
}

/**
 * A stream outlives its request's deadline: it ends with its client, with his session, after its own time, or when the process
 * drains.
 */
function openStreamScope(request: Request, response: Response, options: EventRoutesOptions): ContextScope {
  const { clock, drain } = options.kit;
  const { signal: _signal, deadline: _deadline, ...carried } = contextOf(request);
  const scope = openContext({ ...carried, clock, timeoutMs: options.lifeMs });
  const moveOn = () => {
    scope.cancel(AppError.from(drain.reason));
  };
  if (drain.aborted) moveOn();
  drain.addEventListener('abort', moveOn, { once: true });
  const stopListening = options.whenSignedOut(request, () => {
    scope.cancel(new AppError('unauthenticated', 'Your session has ended; sign in again.'));
  });
  response.once('close', () => {
    stopListening();
    drain.removeEventListener('abort', moveOn);
    scope.cancel(new AppError('cancelled', 'The client went away.'));
  });
  return scope;
}

async function serveUpdates(
  updates: Updates,
  response: Response,
  options: EventRoutesOptions,
  patienceMs: number,
): Promise<void> {
  const { kit, random } = options;
  const first = updates.next();
  // It is awaited twice, and a failure after the first time is no unhandled one.
  first.catch(() => undefined);
  if (!kit.drain.aborted) await untilFirst(first, kit, patienceMs);
  // A draining process begins no stream in earnest, but sends its clients on.
  const stream = openEventStream(response, { ...options, clock: kit.clock });
  try {
    for (let next = await first; next.done !== true; next = await updates.next()) {
      const { cursor, ...update } = next.value;
      await stream.send({ id: cursor, name: 'update', data: presentOrderUpdate({ ...update, cursor }) });
    }
  } catch {
    // Whatever it was, the client comes back and resumes; what stays wrong then has a status of its own.
  }
  stream.end(random() * returnWithinMs);
}

/** Rejects when the stream fails before it has begun. */
async function untilFirst(
  first: First,
  { clock, drain }: EventRoutesOptions['kit'],
  patienceMs: number,
): Promise<void> {
  const waited = Promise.withResolvers<undefined>();
  const stopTimer = clock.after(patienceMs, () => {
    waited.resolve(undefined);
  });
  try {
    await Promise.race([first, waited.promise]);
  } catch (thrown) {
    // What the drain has ended meanwhile is sent on, too: a browser gives up for good at any status but 200.
    if (!drain.aborted) throw inOwnWords(AppError.from(thrown));
  } finally {
    stopTimer();
  }
}

/** The cursor of a watch is the id of an event here. */
function inOwnWords(error: AppError): AppError {
  if (!error.faults.some(({ field }) => field === 'after')) return error;
  const faults = [{ field: 'Last-Event-ID', message: 'is not an id that was given out here' }];
  return new AppError('invalid_argument', 'The request cannot be used.', { faults, cause: error });
}
