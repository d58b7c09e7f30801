import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import type { Redis } from 'ioredis';
import { RedisMessages } from './redis-messages.ts';

/** As much of a client as listens, and is not answered at first. */
class SlowClient extends EventEmitter {
  status = 'ready';
  refusals = 1;

  async subscribe(): Promise<void> {
    if (this.refusals-- > 0) throw new Error('Command timed out');
  }

  disconnect(): void {
    this.status = 'reconnecting';
    setImmediate(() => {
      this.status = 'ready';
      this.emit('ready');
    });
  }
}

describe('RedisMessages', () => {
  it('says that messages may be missing when even the first subscription was not answered', async () => {
    const client = new SlowClient();
    const messages = new RedisMessages({
      clock: createManualClock(),
      prefix: 'test:',
      connect: async () => ({
        client: client as unknown as Redis,
        ready: true,
        close: () => undefined,
      }),
    });
    let gaps = 0;
    messages.subscribe('c', { onMessage: () => undefined, onGap: () => gaps++ });
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([client.refusals < 0, gaps]).toEqual([true, 1]);
    await messages.close();
  });
});
