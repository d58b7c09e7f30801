import { AppError, type Clock, type Context } from '@bff/core';
import type { OrderInclude } from '../order-overview/order-parts.ts';
import { runWithin } from '../plan/run-within.ts';
import type { OnSource } from '../plan/source.ts';
import type { OrderWatchPorts, WatchedSource } from './order-change.ts';
import { parseCursor } from './order-cursor.ts';
import { OrderHub } from './order-hub.ts';
import type { Delivery, OrderOverviewUpdate } from './order-reading.ts';
import { OrderWatcher } from './order-watcher.ts';
import { createReadOrderNow } from './read-order-now.ts';
import { startFromCursor, startFromNow, type Start } from './reading-position.ts';

export interface OrderWatchOptions {
  ports: OrderWatchPorts;
  clock: Clock;
  /** In [0, 1), for jitter. */
  random: () => number;
  /** How long the first read, and what a resuming reader missed, may take, in milliseconds. Default 2000. */
  readTimeoutMs?: number;
  /** Payment and shipment are left out of the first read after this many milliseconds. Default: its budget's end. */
  partTimeoutMs?: number;
  /** A stream to a service is opened anew after this time, so that the right to it is checked again. Default 10 minutes. */
  streamLifeMs?: number;
  /** Changes of one order that are kept for readers who are behind. Default 256. */
  maxKeptChanges?: number;
  onSource?: OnSource;
}

export interface WatchOrderRequest {
  readonly orderId: string;
  /** The cursor of the last update that was read; without it, the first update is the order as it is now. */
  readonly after?: string | undefined;
  /** Default `steps`. */
  readonly delivery?: Delivery;
  readonly include?: OrderInclude;
}

export type WatchOrder = (
  request: WatchOrderRequest,
  context: Context,
) => AsyncIterableIterator<OrderOverviewUpdate, undefined>;

/** Live orders of one process. */
export interface OrderWatch {
  /**
   * An order's updates until `context` ends or the reader leaves: every change of order, payment and shipment. Rejects
   * with `not_found` for an order that is not the caller's, `invalid_argument` for a cursor that is none, `resource_exhausted` for a reader of
   * every step who is too far behind, `unavailable` when this process stops; the last two resume by their cursor.
   */
  readonly watch: WatchOrder;
  /** For `/info` and tests: what is watched, by how many, through how many streams to services. */
  state(): { readonly orders: number; readonly watchers: number; readonly streams: number };
  /** Ends every watch with `unavailable`, and refuses new ones. */
  close(): void;
}

/** Live orders: per order one stream to each service, shared by all who watch it here. */
export function createOrderWatch(options: OrderWatchOptions): OrderWatch {
  const {
    ports,
    clock,
    random,
    readTimeoutMs = 2_000,
    streamLifeMs = 600_000,
    maxKeptChanges = 256,
  } = options;
  const readNow = createReadOrderNow(options);
  const hubs = new Map<string, OrderHub>();
  let closed = false;

  const refuseWhenClosed = () => {
    if (closed) throw stopping();
  };
  const hubOf = (orderId: string): OrderHub => {
    const known = hubs.get(orderId);
    if (known) return known;
    const onIdle = () => hubs.delete(orderId);
    const hub = new OrderHub({ orderId, ports, clock, random, streamLifeMs, maxKeptChanges, onIdle });
    hubs.set(orderId, hub);
    return hub;
  };
  const begin = async (request: WatchOrderRequest, context: Context): Promise<Start> => {
    refuseWhenClosed();
    const cursor = request.after === undefined ? undefined : parseCursor(request.after);
    // A stream's own deadline is far off; what it begins with is due like any answer.
    const now = await runWithin(readTimeoutMs, clock, context, (within) =>
      readNow(request.orderId, request.include ?? {}, within),
    );
    refuseWhenClosed();
    const everyStep = (request.delivery ?? 'steps') === 'steps';
    return cursor && everyStep ? startFromCursor(now, cursor) : startFromNow(now, cursor);
  };
  return {
    watch: (request, context) =>
      new OrderWatcher({
        context,
        sources: sourcesOf(request.include),
        delivery: request.delivery ?? 'steps',
        begin: async () => begin(request, context),
        hub: () => hubOf(request.orderId),
        onPatienceEnd: (run) => clock.after(readTimeoutMs, run),
      }),
    state: () => ({
      orders: hubs.size,
      watchers: sum([...hubs.values()].map(({ members }) => members)),
      streams: sum([...hubs.values()].map(({ streams }) => streams)),
    }),
    close() {
      closed = true;
      for (const hub of [...hubs.values()]) hub.fail(stopping());
    },
  };
}

function sourcesOf({ payment = true, shipment = true }: OrderInclude = {}): readonly WatchedSource[] {
  return ['order', ...(payment ? (['payment'] as const) : []), ...(shipment ? (['shipment'] as const) : [])];
}

function stopping(): AppError {
  return new AppError('unavailable', 'This server is stopping; resume after the last update that was read.');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
