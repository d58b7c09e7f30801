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
  const seen: { state: 'answers' | 'suspect' | 'away'; closed: boolean } = {
    state: 'answers',
    closed: false,
  };

  const probe = async () => {
    try {
      await client.ping();
      seen.state = 'answers';
    } catch {
      seen.state = 'away';
      if (!seen.closed) clock.after(probeMs, () => void probe());
    }
  };
  return {
    async run(command) {
      // Without a connection the client refuses by itself, and its return is noticed without a probe.
      if (seen.closed || (seen.state === 'away' && client.status === 'ready')) {
        throw storeUnavailable(new Error(seen.closed ? 'The store is closed.' : 'Redis does not answer.'));
      }
      try {
        return await command(client);
      } catch (thrown) {
        if (seen.state === 'answers' && client.status === 'ready') {
          seen.state = 'suspect';
          void probe();
        }
        throw storeUnavailable(thrown);
      }
    },
    close() {
      seen.closed = true;
    },
  };
}
