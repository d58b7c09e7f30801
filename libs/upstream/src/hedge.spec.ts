import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import type { HedgingPolicy } from './hedge.ts';
import type { Answer } from './testing/fake-transport.ts';
import { openVirtualUpstream } from './testing/open-virtual-upstream.ts';
import { failureOf, order } from './testing/stand-in.ts';
import { unavailable } from './upstream-failure.ts';

const hedging = { operations: ['GetOrder', 'CreateOrder'] };

/** An upstream whose next attempts take the `times`, in milliseconds; afterwards 10. */
function openTimed(overrides: Partial<HedgingPolicy> = {}) {
  const times: number[] = [];
  const answer: Answer = async () => {
    await new Promise<void>((resolve) => virtual.clock.after(times.shift() ?? 10, resolve));
    return order;
  };
  const virtual = openVirtualUpstream(answer, { hedging: { ...hedging, ...overrides } });
  const { context } = virtual.openRequest({ timeoutMs: 1_000_000, idempotencyKey: 'k' });
  /** Measures enough calls to know the p99. */
  const warm = async () => {
    for (let call = 0; call < 64; call++) {
      const answered = virtual.orders.get({ orderId: 'o' }, context);
      await virtual.clock.advance(10);
      await answered;
    }
    virtual.seen.length = 0;
  };
  return { ...virtual, context, warm, times };
}

describe('hedge', () => {
  it('asks a second instance after the p99, takes the first answer and cancels the other', async () => {
    const { orders, clock, seen, context, warm, times, further, upstream } = openTimed();
    await warm();
    times.push(900, 10);
    const startedAt = clock.now();
    const call = orders.get({ orderId: 'o' }, context);
    await clock.advance(25);
    expect(await call).toBe(order);
    expect(seen.map((attempt) => attempt.startedAt - startedAt)).toEqual([0, 10]);
    expect(seen[0]?.endpointId).not.toBe(seen[1]?.endpointId);
    expect(seen[1]?.headers['x-request-retried']).toBe('1');
    expect(seen[0]?.context.signal.aborted).toBe(true);
    expect(further()).toEqual(['hedge', 'hedge_won']);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('does nothing when the answer comes in time', async () => {
    const { orders, clock, seen, context, warm, times, further } = openTimed();
    await warm();
    times.push(9);
    const call = orders.get({ orderId: 'o' }, context);
    await clock.advance(10);
    await call;
    expect([seen.length, further()]).toEqual([1, []]);
    // The request's own deadline is all that is left.
    expect(clock.pendingTimers()).toBe(1);
  });

  it('never hedges a write, even with a key, nor what is not named', async () => {
    const { orders, clock, seen, context, times } = openTimed();
    times.push(900, 900);
    const { lines, shippingAddress } = order;
    const calls = [orders.create({ lines, shippingAddress }, context), orders.list({}, context)];
    await clock.advance(900);
    await Promise.all(calls);
    expect(seen).toHaveLength(2);
  });

  it('waits as long as it may while too little is measured', async () => {
    const { orders, clock, seen, context, times } = openTimed();
    times.push(900);
    const call = orders.get({ orderId: 'o' }, context);
    await clock.advance(600);
    await call;
    expect(seen[1]!.startedAt - seen[0]!.startedAt).toBe(500);
  });

  it('takes from the budget that retries take from', async () => {
    const { orders, clock, context, times, further, upstream } = openTimed({ maxDelayMs: 10 });
    while (upstream.retryBudgetLeft() > 0) {
      times.push(900, 10);
      const call = orders.get({ orderId: 'o' }, context);
      await clock.advance(20);
      await call;
    }
    times.push(500, 10);
    const call = orders.get({ orderId: 'o' }, context);
    await clock.advance(500);
    await call;
    expect(further().at(-1)).toBe('hedge_denied');
  });

  it('fails when both have failed, and leaves the rest to the retry', async () => {
    const broken: Answer = async () => {
      await new Promise<void>((resolve) => virtual.clock.after(600, resolve));
      throw unavailable('server_error', 'Broken.');
    };
    const virtual = openVirtualUpstream(broken, { hedging, policy: { retry: { maxRetries: 0 } } });
    const call = failureOf(virtual.orders.get({ orderId: 'o' }, virtual.openRequest().context));
    await virtual.clock.advance(1_500);
    expect((await call).code).toBe('unavailable');
    expect(virtual.seen).toHaveLength(2);
  });

  it('cancels both within the same moment when the caller leaves', async () => {
    const { orders, clock, seen, warm, times, openRequest } = openTimed();
    await warm();
    times.push(900, 900);
    const scope = openRequest();
    const call = failureOf(orders.get({ orderId: 'o' }, scope.context));
    await clock.advance(20);
    scope.cancel(new AppError('cancelled', 'The client left.'));
    expect((await call).code).toBe('cancelled');
    expect(seen.map(({ context }) => context.signal.aborted)).toEqual([true, true]);
  });
});
