import { describe, expect, it } from '@jest/globals';
import type { ListQuery, Page } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import {
  createCheckoutWorld,
  request,
  type CheckoutWorld,
  type Fault,
  type Instance,
} from '../testing/checkout-world.ts';
import { cancelWhole } from './cancel-steps.ts';
import type { CancelOutcome } from './checkout.ts';

const post = async (world: CheckoutWorld, instance: Instance, key = 'key-1') => {
  const scope = world.openRequest({ key });
  const { order } = await instance.checkout.checkout(request, scope.context).finally(scope.close);
  return order.orderId;
};

const cancel = (world: CheckoutWorld, instance: Instance, orderId: string, options = {}) => {
  const scope = world.openRequest({ key: '', ...options });
  return instance.checkout.cancelOrder({ orderId }, scope.context).finally(scope.close);
};

const rejection = (work: Promise<unknown>): Promise<AppError> =>
  work.then(() => Promise.reject(new Error('The promise was fulfilled.')), AppError.from);

const done = {
  order: { status: 'cancelled' },
  payment: { status: 'refunded' },
  shipment: { status: 'cancelled' },
};

/** The same list, which takes as many calls as it has items. */
function onePerPage<Query extends ListQuery<string>, T>(
  list: (query: Query, context: Context) => Promise<Page<T>>,
) {
  return async (query: Query, context: Context): Promise<Page<T>> => {
    const { items } = await list(query, context);
    const at = Number(query.pageToken ?? 0);
    return {
      items: items.slice(at, at + 1),
      nextPageToken: at + 1 < items.length ? String(at + 1) : undefined,
    };
  };
}

describe('cancelling an order', () => {
  it('stops the shipment, then cancels the order, then gives the money back; repeated, it finds that done', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const orderId = await post(world, a);
    const before = world.commerce.effects.length;
    await expect(cancel(world, a, orderId)).resolves.toMatchObject(done);
    const steps = ['shipment cancelled', 'order cancelled', 'payment refunded'];
    expect(world.commerce.effects.slice(before).map(({ name }) => name)).toEqual(steps);
    await expect(cancel(world, world.openInstance('b'), orderId)).resolves.toMatchObject(done);
    expect(world.commerce.effects).toHaveLength(before + 3);
    expect(world.imbalances()).toEqual([]);
    expect([...world.store.entries.keys()].filter((key) => !key.includes('entry'))).toEqual([]);
  });

  it('is refused once the parcel is on its way, and changes nothing', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const orderId = await post(world, a);
    world.commerce.dispatch();
    const before = world.commerce.effects.length;
    expect((await rejection(cancel(world, a, orderId))).code).toBe('failed_precondition');
    expect(world.commerce.effects).toHaveLength(before);
    expect(world.imbalances()).toEqual([]);
    await expect(a.checkout.recoverUnfinished()).resolves.toEqual({ found: 0, finished: 0 });
  });

  it('does not find what is not there, and leaves no trace', async () => {
    const world = createCheckoutWorld();
    const error = await rejection(cancel(world, world.openInstance('a'), 'order-9', { key: 'request-7' }));
    expect(error.code).toBe('not_found');
    expect(world.store.entries.size).toBe(0);
  });

  it('takes a key for one order only', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const [first, second] = [await post(world, a, 'k1'), await post(world, a, 'k2')];
    await cancel(world, a, first, { key: 'request-7' });
    await expect(cancel(world, a, first, { key: 'request-7' })).resolves.toMatchObject(done);
    const error = await rejection(cancel(world, a, second, { key: 'request-7' }));
    expect(error.code).toBe('idempotency_key_reused');
  });

  const calls = ['shipments.list', 'shipments.cancel', 'orders.cancel', 'payments.list', 'payments.void'];
  const faults: Fault[] = ['error', 'timeout', 'lost', 'late', 'crash_before', 'crash_after'];
  const refunds = ['payments.refund'];
  const table = [
    ...calls.filter((call) => call !== 'payments.void'),
    ...refunds,
    'store.compareAndSet',
  ].flatMap((call) =>
    faults.flatMap((fault) =>
      (['repeated', 'not repeated'] as const).map((sequel) => ({ call, fault, sequel })),
    ),
  );

  it.each(table)('when $call meets $fault and it is $sequel, ends whole', async ({ call, fault, sequel }) => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    const orderId = await post(world, a);
    b.checkout.start();
    world.faults = (name, instance) =>
      instance === 'a' && name === call && world.clock.now() < 20_000 ? fault : 'none';
    const first: (CancelOutcome | AppError)[] = [];
    void cancel(world, a, orderId).then(
      (outcome) => first.push(outcome),
      (thrown: unknown) => first.push(AppError.from(thrown)),
    );
    await world.clock.advance(6_000);
    if (sequel === 'repeated') {
      await world.clock.advance(10_000);
      await expect(cancel(world, b, orderId)).resolves.toMatchObject(done);
    }
    await world.clock.advance(120_000);
    expect(world.imbalances()).toEqual([]);
    const { status } = world.commerce.orders.get(orderId)!;
    // A store that was away before anything had begun: nothing is done, and the client was told so.
    const begun = call !== 'store.compareAndSet' || sequel === 'repeated';
    if (begun) expect(status).toBe('cancelled');
    await b.checkout.close();
  });

  it('while it is being placed, at any point of it, leaves nothing behind', async () => {
    const points = [
      'payments.authorise',
      'shipments.create',
      'orders.confirm',
      'payments.capture',
      'shipments.release',
    ];
    for (const point of points) {
      for (const fault of ['timeout', 'lost'] as const) {
        const world = createCheckoutWorld();
        const [a, b] = [world.openInstance('a'), world.openInstance('b')];
        let met = 0;
        world.faults = (call, instance) =>
          instance === 'a' && call === point && met++ === 0 ? fault : 'none';
        const placing = post(world, a).catch((thrown: unknown) => AppError.from(thrown).code);
        await world.clock.advance(100);
        await cancel(world, b, 'order-1');
        await world.clock.advance(10_000);
        await placing;
        expect(world.imbalances()).toEqual([]);
        expect(world.commerce.orders.get('order-1')?.status).toBe('cancelled');
      }
    }
  });

  it('sees that the order was confirmed, and its parcel taken, between its looking and its cancelling', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    let first = true;
    world.faults = (call) => (call === 'payments.authorise' && first ? 'timeout' : 'none');
    const placing = post(world, a);
    await world.clock.advance(100);
    first = false;
    const { shipments } = world.commerce.ports;
    const ports = {
      ...world.commerce.ports,
      shipments: {
        ...shipments,
        list: async (...query: Parameters<typeof shipments.list>) => {
          const page = await shipments.list(...query);
          // The rest of the checkout, and the courier, come in just here.
          await world.clock.advance(3_000);
          world.commerce.dispatch();
          return page;
        },
      },
    };
    const scope = world.openRequest({ timeoutMs: 60_000 });
    expect((await rejection(cancelWhole(ports, 'order-1', scope.context))).code).toBe('failed_precondition');
    scope.close();
    await placing;
    expect(world.imbalances()).toEqual([]);
    expect(world.commerce.orders.get('order-1')?.status).toBe('confirmed');
  });

  it('stops every shipment and gives all money back, however many pages they are listed on', async () => {
    const world = createCheckoutWorld();
    const orderId = await post(world, world.openInstance('a'));
    const { ports } = world.commerce;
    const scope = world.openRequest();
    const address = request.shippingAddress;
    const [order] = world.commerce.orders.values();
    for (const idempotencyKey of ['2', '3']) {
      const context = { ...scope.context, idempotencyKey };
      await ports.shipments.create({ orderId, address }, context);
      await ports.payments.authorise({ orderId, amount: order!.total, methodToken: 'tok_visa' }, context);
    }
    const paged = {
      ...ports,
      payments: { ...ports.payments, list: onePerPage(ports.payments.list) },
      shipments: { ...ports.shipments, list: onePerPage(ports.shipments.list) },
    };
    await expect(cancelWhole(paged, orderId, scope.context)).resolves.toMatchObject({
      payment: { status: 'voided' },
      shipment: { status: 'cancelled' },
    });
    const statuses = (all: Map<string, { status: string }>) => [...all.values()].map(({ status }) => status);
    expect(statuses(world.commerce.payments)).toEqual(['refunded', 'voided', 'voided']);
    expect(statuses(world.commerce.shipments)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    scope.close();
  });

  it('leaves nothing to the courier while the order is not confirmed', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    world.faults = (call) => (call === 'orders.confirm' ? 'timeout' : 'none');
    const placing = rejection(post(world, a));
    await world.clock.advance(1_000);
    world.commerce.dispatch();
    await expect(cancel(world, b, 'order-1')).resolves.toMatchObject({ shipment: { status: 'cancelled' } });
    await world.clock.advance(10_000);
    world.faults = () => 'none';
    await placing;
    await b.checkout.recoverUnfinished();
    expect(world.imbalances()).toEqual([]);
  });
});
