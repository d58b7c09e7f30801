import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError, systemClock, type Context } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { getOrderOverview } from '../order-overview/get-order-overview.ts';
import { createFakeServices, orderOf } from '../testing/fake-services.ts';

const deadlineMs = 200;

/** A screen whose sources hang, all or some, and are told when they were cancelled. */
function ask(hangs: (source: string) => boolean) {
  const cancelledAt: number[] = [];
  const running = new Set<string>();
  const fault = (name: string, { signal }: Context) =>
    hangs(name)
      ? new Promise<void>((_resolve, reject) => {
          running.add(name);
          signal.addEventListener('abort', () => {
            running.delete(name);
            cancelledAt.push(performance.now());
            reject(signal.reason as Error);
          });
        })
      : Promise.resolve();
  const { ports } = createFakeServices({ orders: [orderOf('ord_1')], fault });
  const scope = openTestContext({ timeoutMs: deadlineMs });
  const startedAt = performance.now();
  const answer = getOrderOverview({ ports, clock: systemClock })({ orderId: 'ord_1' }, scope.context);
  return { answer, scope, startedAt, running, cancelledAt };
}

describe('A5: a deadline of 200 ms', () => {
  it.each([
    ['all sources hang', () => true],
    ['the optional sources hang', (source: string) => source !== 'orders.get'],
  ])('is answered by its end + 10 ms when %s', async (what, hangs) => {
    const { answer, scope, startedAt, running } = ask(hangs);
    const [outcome] = await Promise.allSettled([answer]);
    const took = performance.now() - startedAt;
    process.stdout.write(`A5: ${what}: ${outcome.status} after ${took.toFixed(0)} of ${deadlineMs} ms\n`);
    expect(took).toBeLessThanOrEqual(deadlineMs + 10);
    expect(running.size).toBe(0);
    expect(getEventListeners(scope.context.signal, 'abort')).toHaveLength(0);
    scope.close();
  });

  it('runs nothing any more 20 ms after the client has left', async () => {
    const { answer, scope, running, cancelledAt } = ask(() => true);
    expect(running.size).toBe(3);
    const leftAt = performance.now();
    scope.cancel(new AppError('cancelled', 'The client left.'));
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    const slowest = Math.max(...cancelledAt) - leftAt;
    process.stdout.write(`A5: cancelled ${slowest.toFixed(1)} ms after the client left\n`);
    expect(running.size).toBe(0);
    expect(slowest).toBeLessThanOrEqual(20);
  });
});
