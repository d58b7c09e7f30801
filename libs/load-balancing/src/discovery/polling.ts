import type { CancelTimer, Clock } from '@bff/core';
import type { Endpoint } from '../endpoint.ts';
import type { Discovery } from './discovery.ts';

export interface PollingOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Between two looks, on average. */
  readonly intervalMs: number;
  /** Looks once. */
  readonly look: () => Promise<readonly Endpoint[]>;
  /** A look failed or found nothing; the last good list stays. For logs. */
  readonly onError: (error: unknown) => void;
}

/** By how much the interval varies either way: processes that started together must not ask together. */
const jitter = 0.2;

/**
 * Looks again and again. Tells only good news: after a failure or an empty answer the last good list stays, since
 * a name server that is down says nothing about the instances. An unchanged list is not told again.
 */
export function createPollingDiscovery({
  clock,
  random,
  intervalMs,
  look,
  onError,
}: PollingOptions): Discovery {
  return {
    start(onEndpoints) {
      let stopped = false;
      let stopTimer: CancelTimer = () => undefined;
      let last = '';
      const run = async () => {
        try {
          const endpoints = await look();
          if (stopped) return;
          if (endpoints.length === 0) throw new Error('No endpoint was found.');
          const found = JSON.stringify(endpoints);
          if (found !== last) onEndpoints(endpoints);
          last = found;
        } catch (error) {
          if (!stopped) onError(error);
        }
        if (stopped) return;
        stopTimer = clock.after(intervalMs * (1 + jitter * (2 * random() - 1)), () => void run());
      };
      void run();
      return () => {
        stopped = true;
        stopTimer();
      };
    },
  };
}
