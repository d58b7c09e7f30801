import { setTimeout as wait } from 'node:timers/promises';
import type { WatchOrderResponse } from '../generated/wearable/v1/wearable_service.ts';
import type { WearableClient } from './create-wearable-client.ts';
import { WearableError } from './wearable-error.ts';

export interface FollowOptions {
  /** Ends it. */
  signal?: AbortSignal;
  /** After the first loss of the stream, in milliseconds; doubled up to 30 s. Default 500. */
  pauseMs?: number;
  /** In [0, 1), so that clients who lost one server do not return at one moment. Default: that of the platform. */
  random?: () => number;
}

/** What passes by itself: a server that stops, a connection that is lost, the end of a stream's life. */
const passing = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNKNOWN', 'RESOURCE_EXHAUSTED'];
const longestPauseMs = 30_000;

/**
 * One order's glances for as long as they are wanted: a stream that ends is opened again after the last glance that was
 * seen, at whichever server answers. Fails with `WearableError` when that is no use, `NOT_FOUND` for instance.
 */
export async function* followOrder(
  client: Pick<WearableClient, 'watchOrder'>,
  orderId: string,
  { signal, pauseMs = 500, random = Math.random }: FollowOptions = {},
): AsyncGenerator<WatchOrderResponse, undefined> {
  let afterRevision = '';
  let failures = 0;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    try {
      for await (const update of client.watchOrder(
        { orderId, afterRevision },
        { ...(signal && { signal }) },
      )) {
        afterRevision = update.revision;
        failures = 0;
        yield update;
      }
    } catch (thrown) {
      if (isOver()) break;
      if (!(thrown instanceof WearableError) || !passing.includes(thrown.status)) throw thrown;
    }
    const pause = Math.min(longestPauseMs, pauseMs * 2 ** failures++);
    await wait(pause * (0.5 + random() / 2), undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
  return undefined;
}
