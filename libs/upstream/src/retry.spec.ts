import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import type { FailureKind } from '@bff/load-balancing';
import type { Answer } from './testing/fake-transport.ts';
import { openVirtualUpstream } from './testing/open-virtual-upstream.ts';
import { failureOf, order } from './testing/stand-in.ts';
import { unavailable, UpstreamFailure } from './upstream-failure.ts';

const kinds: FailureKind[] = ['refused', 'reset', 'timeout', 'server_error', 'overloaded'];
const { lines, shippingAddress } = order;

/** Fails so many times, then answers. */
function failing(times: number, kind: FailureKind): Answer {
  let left = times;
  return async () => {
    if (left-- > 0) throw unavailable(kind, 'As I was told.');
    return order;
  };
}

describe('retry', () => {
  it.each(kinds)('asks the other instance when a read fails with %s', async (kind) => {
    const { orders, seen, clock, openRequest, further } = openVirtualUpstream(failing(1, kind));
    const call = orders.get({ orderId: 'o' }, openRequest().context);
    await clock.advance(100);
    expect(await call).toBe(order);
    expect(new Set(seen.map(({ endpointId }) => endpointId))).toEqual(new Set(['a:1', 'b:1']));
    expect(further()).toEqual([`retry: ${kind}`]);
  });

  it.each(kinds)('repeats a write without a key after %s only if it was not processed', async (kind) => {
    const { orders, seen, clock, openRequest } = openVirtualUpstream(failing(1, kind));
    const call = Promise.allSettled([orders.create({ lines, shippingAddress }, openRequest().context)]);
    await clock.advance(1_000);
    const [settled] = await call;
    expect([settled.status, seen.length]).toEqual(kind === 'refused' ? ['fulfilled', 2] : ['rejected', 1]);
  });

  it.each(kinds)('repeats a write with a key after %s', async (kind) => {
    const { orders, seen, clock, openRequest } = openVirtualUpstream(failing(1, kind));
    const call = orders.create({ lines, shippingAddress }, openRequest({ idempotencyKey: 'k' }).context);
    await clock.advance(100);
    expect(await call).toBe(order);
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
  });

  it('goes to another instance at once when one is dead, and after a pause when it answered', async () => {
    const delays: Record<string, number> = {};
    for (const kind of ['refused', 'reset', 'server_error'] as const) {
      const { orders, seen, clock, openRequest } = openVirtualUpstream(failing(1, kind));
      const call = orders.get({ orderId: 'o' }, openRequest().context);
      await clock.advance(100);
      await call;
      delays[kind] = seen[1]!.startedAt - seen[0]!.startedAt;
    }
    expect(delays).toEqual({ refused: 0, reset: 0, server_error: 12.5 });
  });

  it('makes three attempts and gives the last error', async () => {
    const { orders, seen, clock, openRequest, further } = openVirtualUpstream(failing(9, 'server_error'), {
      urls: 'http://a:1,http://b:1,http://c:1,http://d:1',
    });
    const call = failureOf(orders.get({ orderId: 'o' }, openRequest().context));
    await clock.advance(1_000);
    expect((await call).code).toBe('unavailable');
    expect(new Set(seen.map(({ endpointId }) => endpointId)).size).toBe(3);
    expect(seen).toHaveLength(3);
    expect(further().at(-1)).toBe('retry_denied: attempts_used');
  });

  it('does not ask an instance again that is overloaded, slow or broken and alone', async () => {
    for (const kind of ['overloaded', 'timeout', 'server_error'] as const) {
      const alone = openVirtualUpstream(failing(9, kind), { urls: 'http://a:1' });
      const call = failureOf(alone.orders.get({ orderId: 'o' }, alone.openRequest().context));
      await alone.clock.advance(1_000);
      await call;
      expect(alone.seen).toHaveLength(1);
      expect(alone.further()).toEqual(['retry_denied: no_other_instance']);
    }
  });

  it('leaves the caller’s own errors alone', async () => {
    const refuse = () => Promise.reject(new AppError('not_found', 'There is none.'));
    const { orders, seen, openRequest } = openVirtualUpstream(refuse);
    expect((await failureOf(orders.get({ orderId: 'o' }, openRequest().context))).code).toBe('not_found');
    expect(seen).toHaveLength(1);
  });

  it('moves on when an attempt takes too long', async () => {
    const never: Answer = ({ endpointId }) =>
      endpointId === frozen ? new Promise(() => {}) : Promise.resolve(order);
    let frozen: string | undefined;
    const { orders, seen, clock, openRequest } = openVirtualUpstream(async (attempt) => {
      frozen ??= attempt.endpointId;
      return never(attempt);
    });
    const call = orders.get({ orderId: 'o' }, openRequest().context);
    await clock.advance(1_100);
    expect(await call).toBe(order);
    expect(seen).toHaveLength(2);
  });

  it('starts nothing after the deadline, and no wait beyond it', async () => {
    const slow: Answer = async () => {
      await new Promise<void>((resolve) => virtual.clock.after(45, resolve));
      throw unavailable('server_error', 'Broken.');
    };
    const virtual = openVirtualUpstream(slow);
    const scope = virtual.openRequest({ timeoutMs: 50 });
    const call = failureOf(virtual.orders.get({ orderId: 'o' }, scope.context));
    await virtual.clock.advance(200);
    expect((await call).code).toBe('unavailable');
    expect(virtual.seen).toHaveLength(1);
    expect(virtual.further()).toEqual(['retry_denied: deadline']);
  });

  it('ends a wait with its caller, and leaves nothing behind', async () => {
    const { orders, seen, clock, openRequest, upstream } = openVirtualUpstream(failing(9, 'server_error'));
    const scope = openRequest();
    const call = failureOf(orders.get({ orderId: 'o' }, scope.context));
    await clock.advance(5);
    const gone = new AppError('cancelled', 'The client left.');
    scope.cancel(gone);
    expect(await call).toBe(gone);
    expect(seen).toHaveLength(1);
    expect(clock.pendingTimers()).toBe(0);
    expect(getEventListeners(scope.context.signal, 'abort')).toEqual([]);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('waits as Retry-After says only by going elsewhere, and not at all when that is beyond the deadline', async () => {
    const busy = (retryAfterMs: number) => () =>
      Promise.reject(
        new AppError('resource_exhausted', 'Busy.', {
          cause: unavailable('overloaded', 'Busy.').cause,
          retryAfterMs,
        }),
      );
    for (const [retryAfterMs, attempts] of [
      [1_000, 2],
      [10_000, 1],
    ] as const) {
      const { orders, seen, clock, openRequest } = openVirtualUpstream(busy(retryAfterMs));
      const call = failureOf(orders.get({ orderId: 'o' }, openRequest().context));
      await clock.advance(1_000);
      expect((await call).retryAfterMs).toBe(retryAfterMs);
      expect(seen).toHaveLength(attempts);
    }
  });

  it('marks further attempts, and makes none for a request that the tier in front has repeated', async () => {
    const first = openVirtualUpstream(failing(9, 'reset'));
    const call = failureOf(first.orders.get({ orderId: 'o' }, first.openRequest().context));
    await first.clock.advance(1_000);
    await call;
    expect(first.seen.map(({ headers }) => headers['x-request-retried'])).toEqual([undefined, '1', '1']);
    const second = openVirtualUpstream(failing(9, 'reset'));
    await failureOf(second.orders.get({ orderId: 'o' }, second.openRequest({ retried: true }).context));
    expect(second.seen.map(({ headers }) => headers['x-request-retried'])).toEqual(['1']);
    expect(second.further()).toEqual(['retry_denied: retried_in_front']);
  });

  it('does not ask again when the tier below has tried what could be tried', async () => {
    const { orders, seen, openRequest, further } = openVirtualUpstream(() => {
      const { kind, message } = unavailable('server_error', 'Below.').cause as {
        kind: FailureKind;
        message: string;
      };
      return Promise.reject(
        new AppError('upstream_failed', 'A service failed.', {
          cause: new UpstreamFailure(kind, message, undefined, true),
        }),
      );
    });
    await failureOf(orders.get({ orderId: 'o' }, openRequest().context));
    expect(seen).toHaveLength(1);
    expect(further()).toEqual(['retry_denied: settled_below']);
  });

  it('costs at most 1.2 attempts per call in a total outage', async () => {
    const virtual = openVirtualUpstream(failing(Infinity, 'refused'));
    const scope = virtual.openRequest({ timeoutMs: 1_000_000 });
    for (let second = 0; second < 60; second++) {
      const calls = Array.from({ length: 100 }, () =>
        failureOf(virtual.orders.get({ orderId: 'o' }, scope.context)),
      );
      await virtual.clock.advance(1_000);
      await Promise.all(calls);
    }
    const perCall = virtual.seen.length / 6_000;
    expect(perCall).toBeLessThanOrEqual(1.21);
    expect(perCall).toBeGreaterThan(1.15);
    expect(virtual.upstream.retryBudgetLeft()).toBe(0);
  }, 30_000);
});
