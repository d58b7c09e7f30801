import type { Clock } from '@bff/core';
import type { Redis } from 'ioredis';
import { storeUnavailable } from '../store-unavailable.ts';

/** Between two questions to a Redis that does not answer, in milliseconds. */
const probeMs = 250;

export interface RedisGuard {
  /** Runs a command; whatever it fails with becomes `unavailable`. */
  run<T>(command: (client: Redis) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * A Redis that is gone refuses at once; one that is frozen lets every command wait for its time limit.
 * Two limits in a row, a command's and a PING's, and commands fail at once until a PING is answered: one alone may be
 * this process's own delay.
 */
export function guardRedis(client: Redis, clock: Clock): RedisGuard {
  let state: 'answers' | 'suspect' | 'away' = 'answers';
  let closed = false;

  const probe = async () => {
    try {
      await client.ping();
      state = 'answers';
    } catch {
      state = 'away';
      if (!closed) clock.after(probeMs, () => void probe());
    }
  };
  return {
    async run(command) {
      // Without a connection the client refuses by itself, and its return is noticed without a probe.
      if (closed || (state === 'away' && client.status === 'ready')) {
        throw storeUnavailable(new Error(closed ? 'The store is closed.' : 'Redis does not answer.'));
      }
      try {
        return await command(client);
      } catch (thrown) {
        if (state === 'answers' && !closed && client.status === 'ready') {
          state = 'suspect';
          void probe();
        }
        throw storeUnavailable(thrown);
      }
    },
    close() {
      closed = true;
    },
  };
}
