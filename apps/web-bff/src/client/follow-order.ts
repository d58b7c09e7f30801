import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { components } from './generated/openapi-types.ts';

type OrderUpdate = components['schemas']['OrderUpdate'];

export interface FollowOptions {
  /** Ends the following. */
  signal: AbortSignal;
  /** The id of the last update that was read in an earlier life of the page. */
  after?: string;
}

export interface FollowedUpdate extends OrderUpdate {
  /** Given back as `after`, it resumes after this update. */
  readonly id: string;
}

export type FollowOrder = (orderId: string, options: FollowOptions) => AsyncGenerator<FollowedUpdate, void>;

/** A problem that does not go away by trying again: the order is not there, or the user has to sign in. */
export class FollowRefused extends Error {
  override readonly name = 'FollowRefused';
  readonly status: number;

  constructor(status: number) {
    super(`The order cannot be followed: ${status}.`);
    this.status = status;
  }
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Follows an order's changes. An `EventSource` would do it with a session's cookie; this one can send a token, too, and
 * says when it makes no sense to go on (`FollowRefused`).
 */
export function followOrder(
  baseUrl: string,
  fetch: (request: Request) => Promise<Response>,
  random: () => number,
): FollowOrder {
  return async function* follow(orderId, { signal, after }) {
    const url = `${baseUrl}/v1/orders/${encodeURIComponent(orderId)}/events`;
    let last = after;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
      const response = await fetch(new Request(url, { headers, signal })).catch(() => undefined);
      if (response && isFinal(response.status)) throw new FollowRefused(response.status);
      if (response?.ok && response.body) {
        for await (const update of readUpdates(response.body, signal)) {
          last = update.id;
          pauseMs = firstPauseMs;
          yield update;
        }
      }
      await pause(pauseMs * (0.5 + random() / 2), signal);
      pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
    }
  };
}

/** The client's own mistake; 408, 425 and 429 go away by waiting. */
function isFinal(status: number): boolean {
  return (status >= 400 && status < 500 && ![408, 425, 429].includes(status)) || status === 501;
}

/** Ends where the connection does, however that was. */
async function* readUpdates(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<FollowedUpdate, void> {
  const events = body
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream());
  try {
    for await (const { id, event, data } of events) {
      if (signal.aborted) return;
      if (event === 'update' && id !== undefined) yield { ...(JSON.parse(data) as OrderUpdate), id };
    }
  } catch {
    // The connection broke; the next one goes on after the last update.
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
