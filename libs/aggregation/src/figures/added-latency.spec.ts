import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { getOrderOverview } from '../order-overview/get-order-overview.ts';
import { shareReads } from '../share-reads.ts';
import { createMemoryChannel } from '../testing/memory-channel.ts';
import { createFakeServices, orderOf, paymentOf, shipmentOf } from '../testing/fake-services.ts';

const delays: Readonly<Record<string, number>> = {
  'orders.get': 8,
  'payments.list': 10,
  'shipments.list': 12,
};

/** Asks for one screen and gives by how many milliseconds it took longer than its slowest source. */
async function addedLatency(who: string): Promise<number> {
  let slowest = 0;
  const { ports } = createFakeServices({
    orders: [orderOf('ord_1', who)],
    payments: [paymentOf('ord_1', 'captured')],
    shipments: [shipmentOf('ord_1')],
    fault: async (name) => {
      const startedAt = performance.now();
      await wait(delays[name]);
      slowest = Math.max(slowest, performance.now() - startedAt);
    },
  });
  const clock = systemClock;
  const cacheTimes = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
  const shared = shareReads({
    ports,
    clock,
    coalesce: true,
    cacheTimes,
    cacheMaxBytes: 1,
    channel: createMemoryChannel(),
  });
  const scope = openTestContext({ principal: { subject: who, client: 'web', scopes: [], roles: [] } });
  const startedAt = performance.now();
  await getOrderOverview({ ...shared, clock, partTimeoutMs: 1_000 })({ orderId: 'ord_1' }, scope.context);
  const took = performance.now() - startedAt;
  scope.close();
  return took - slowest;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

describe('A1: latency added over the slowest of three sources', () => {
  it.each([
    { concurrent: 1, rounds: 100, limitMs: 1 },
    { concurrent: 50, rounds: 10, limitMs: 3 },
  ])(
    'is at most $limitMs ms at the median with $concurrent at once',
    async ({ concurrent, rounds, limitMs }) => {
      const added: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const users = Array.from({ length: concurrent }, (_, user) => `user-${user}`);
        added.push(...(await Promise.all(users.map(addedLatency))));
      }
      const [p50, p99] = [percentile(added, 0.5), percentile(added, 0.99)];
      process.stdout.write(
        `A1: ${concurrent} at once: p50 +${p50.toFixed(2)} ms, p99 +${p99.toFixed(2)} ms\n`,
      );
      expect(p50).toBeLessThanOrEqual(limitMs);
    },
  );
});
