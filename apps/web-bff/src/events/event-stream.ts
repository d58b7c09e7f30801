import type { Response } from 'express';
import type { CancelTimer, Clock } from '@bff/core';

export interface EventStreamOptions {
  clock: Clock;
  /** A comment goes out this often, so that neither proxies nor the client take silence for an end. */
  heartbeatMs: number;
  /** A reader who takes nothing for so long is cut off; he resumes after the last event that reached him. */
  stallMs: number;
}

/** One answer of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** Resolves when the event has left this process's hands; rejects when the reader is gone or takes nothing. */
  send(event: { id: string; name: string; data: unknown }): Promise<void>;
  /** Ends the answer; the client comes back after `retryMs` with the id of its last event. */
  end(retryMs: number): void;
}

/**
 * Begins an answer of events. Nothing is kept for a slow reader but what is in the socket: whoever sends waits until
 * the reader has taken it.
 */
export function openEventStream(response: Response, options: EventStreamOptions): EventStream {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream');
  // Compression would hold events back, ours and that of a proxy in between.
  response.setHeader('Cache-Control', 'no-store, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();

  let stopHeartbeat: CancelTimer = () => undefined;
  const beat = () => {
    stopHeartbeat = options.clock.after(options.heartbeatMs, () => {
      if (response.writableEnded || response.destroyed) return;
      // A reader who has not taken what there is needs no sign of life from us.
      if (!response.writableNeedDrain) response.write(':\n\n');
      beat();
    });
  };
  beat();
  response.once('close', () => {
    stopHeartbeat();
  });

  return {
    async send({ id, name, data }) {
      if (response.destroyed || response.writableEnded) throw new Error('The reader is gone.');
      if (response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)) return;
      await drained(response, options);
    },
    end(retryMs) {
      stopHeartbeat();
      if (!response.destroyed) response.end(`retry: ${Math.round(retryMs)}\n\n`);
    },
  };
}

async function drained(response: Response, { clock, stallMs }: EventStreamOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const onDrain = () => {
    resolve(undefined);
  };
  const onClose = () => {
    reject(new Error('The reader is gone.'));
  };
  const stopTimer = clock.after(stallMs, () => {
    reject(new Error('The reader takes nothing.'));
    response.destroy();
  });
  response.once('drain', onDrain).once('close', onClose);
  try {
    await promise;
  } finally {
    stopTimer();
    response.off('drain', onDrain).off('close', onClose);
  }
}
