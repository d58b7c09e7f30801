import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { getOrderOverview } from '../order-overview/get-order-overview.ts';
import { createFakeServices, orderOf, paymentOf, shipmentOf } from '../testing/fake-services.ts';
import { coalesceReads, separateReads } from './coalesce-reads.ts';
import { createCoalescer } from './coalescer.ts';

const principalOf = (subject: string, roles: string[] = []): Principal => ({
  subject,
  client: 'web',
  scopes: [],
  roles,
});

function setUp() {
  const clock = createManualClock();
  const coalescer = createCoalescer({ clock });
  const services = createFakeServices({
    orders: [orderOf('ord_1'), orderOf('ord_2', 'bob')],
    payments: [paymentOf('ord_1', 'captured')],
    shipments: [shipmentOf('ord_1')],
    // Answers after 10 ms, so that screens overlap.
    fault: () => new Promise((resolve) => clock.after(10, resolve)),
  });
  const ports = coalesceReads(services.ports, coalescer);
  const screen = (principal: Principal, orderId = 'ord_1') =>
    getOrderOverview({ ports, clock })({ orderId }, openTestContext({ clock, principal }).context);
  return { clock, coalescer, services, calls: services.calls, screen };
}

describe('A4: 100 identical screens at once', () => {
  it('cost one user three calls', async () => {
    const { clock, coalescer, calls, screen } = setUp();
    const screens = Promise.all(Array.from({ length: 100 }, () => screen(principalOf('alice'))));
    await clock.advance(10);
    expect(await screens).toHaveLength(100);
    process.stdout.write(`A4: 100 screens of one user: ${calls.length} calls\n`);
    expect(calls).toHaveLength(3);
    expect(coalescer.flights()).toBe(0);
  });

  it('cost two users six, and each sees his own', async () => {
    const { clock, coalescer, calls, screen } = setUp();
    const screens = Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => screen(principalOf(index % 2 ? 'alice' : 'bob'))),
    );
    await clock.advance(10);
    const outcomes = await screens;
    process.stdout.write(`A4: 100 screens of two users: ${calls.length} calls\n`);
    expect(calls).toHaveLength(6);
    // ord_1 is alice's: bob is told that there is none.
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? 'fulfilled' : 'rejected')),
    );
    expect(coalescer.flights()).toBe(0);
  });
});

describe('reads of ports', () => {
  it('are calls of their own after the caller wrote, even if the write failed', async () => {
    const clock = createManualClock();
    const coalescer = createCoalescer({ clock });
    let reads = 0;
    const ports = coalesceReads(
      {
        orders: {
          get: () => new Promise<number>((resolve) => (++reads, clock.after(50, () => resolve(reads)))),
          cancel: async () => Promise.reject(new Error('the answer was lost')),
          watch: () => 'a stream',
        },
      },
      coalescer,
    );
    const context = openTestContext({ clock }).context;
    const call = ports.orders as unknown as Record<
      string,
      (r: object, c: typeof context) => Promise<unknown>
    >;
    void call['get']?.({}, context);
    await expect(call['cancel']?.({}, context)).rejects.toThrow('the answer was lost');
    void call['get']?.({}, context);
    void call['get']?.({}, context);
    expect(reads).toBe(2);
    expect(call['watch']?.({}, context)).toBe('a stream');
  });

  it('of use cases that write are calls of their own, whoever else reads the same', async () => {
    const { clock, coalescer, calls, services, screen } = setUp();
    const ports = separateReads(services.ports, coalescer);
    const { context } = openTestContext({ clock, principal: principalOf('alice') });
    const screens = [screen(principalOf('alice')), screen(principalOf('alice'))];
    const reads = [
      ports.orders.get({ orderId: 'ord_1' }, context),
      ports.orders.get({ orderId: 'ord_1' }, context),
    ];
    await clock.advance(10);
    await Promise.all([...screens, ...reads]);
    expect(calls.filter(({ name }) => name === 'orders.get')).toHaveLength(3);
  });
});
