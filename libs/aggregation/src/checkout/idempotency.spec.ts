import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import {
  createCheckoutWorld,
  request,
  type CheckoutWorld,
  type Instance,
} from '../testing/checkout-world.ts';

const post = (world: CheckoutWorld, instance: Instance, options = {}, body = request) => {
  const scope = world.openRequest(options);
  return instance.checkout.checkout(body, scope.context).finally(scope.close);
};

const rejection = (work: Promise<unknown>): Promise<AppError> =>
  work.then(() => Promise.reject(new Error('The promise was fulfilled.')), AppError.from);

describe('the idempotency key of a checkout', () => {
  it('is required', async () => {
    const world = createCheckoutWorld();
    const error = await rejection(post(world, world.openInstance('a'), { key: '' }));
    expect(error).toMatchObject({ code: 'invalid_argument', faults: [{ field: 'Idempotency-Key' }] });
    expect(world.store.entries.size).toBe(0);
  });

  it('gives the same outcome again, from any instance, for the published time', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    const first = await post(world, a);
    expect(first).toMatchObject({
      order: { status: 'confirmed' },
      payment: { status: 'captured', amount: { minorUnits: 2_500 } },
      shipment: { status: 'preparing' },
      replayed: false,
    });
    await world.clock.advance(24 * 60 * 60 * 1_000 - 1);
    await expect(post(world, b)).resolves.toEqual({ ...first, replayed: true });
    expect(world.commerce.orders.size).toBe(1);
    await world.clock.advance(1);
    expect([...world.store.entries.values()].filter(({ until }) => until > world.clock.now())).toEqual([]);
  });

  it('is free again after the published time: what fails under it then leaves the earlier order alone', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const first = await post(world, a);
    await world.clock.advance(25 * 60 * 60 * 1_000);
    world.faults = (call) => (call === 'payments.authorise' ? 'error' : 'none');
    const failing = rejection(post(world, a));
    await world.clock.advance(1_000);
    expect((await failing).code).toBe('upstream_failed');
    expect(world.commerce.orders.get(first.order.orderId)).toMatchObject({ status: 'confirmed' });
    expect(world.commerce.payments.get(first.payment.paymentId)).toMatchObject({ status: 'captured' });
    world.faults = () => 'none';
    await world.clock.advance(25 * 60 * 60 * 1_000);
    const later = await post(world, a, {}, { ...request, methodToken: 'tok_sepa' });
    expect(later).toMatchObject({ order: { status: 'confirmed' }, replayed: false });
    expect(later.order.orderId).not.toBe(first.order.orderId);
    expect(world.imbalances()).toEqual([]);
  });

  it('still means one order when the store has forgotten everything', async () => {
    const world = createCheckoutWorld();
    const first = await post(world, world.openInstance('a'));
    const store = world.store.open(() => true);
    for (const key of [...world.store.entries.keys()]) await store.delete(key);
    const again = await post(world, world.openInstance('b'));
    expect(again.order.orderId).toBe(first.order.orderId);
    expect(world.commerce.orders.size).toBe(1);
    expect(world.imbalances()).toEqual([]);
  });

  it('gives the same error again, without asking the services', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    const declined = { ...request, methodToken: 'tok_declined' };
    const first = await rejection(post(world, a, {}, declined));
    expect(first).toMatchObject({
      code: 'failed_precondition',
      faults: [{ field: 'methodToken', message: 'was declined' }],
    });
    const effects = world.commerce.effects.length;
    world.faults = (call) => (call.startsWith('store') ? 'none' : 'error');
    const again = await rejection(post(world, b, {}, declined));
    expect(again).toEqual(first);
    expect(again.faults).toEqual(first.faults);
    expect(world.commerce.effects).toHaveLength(effects);
    expect(world.imbalances()).toEqual([]);
  });

  it('is refused for another checkout, before, while and after', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const other = { ...request, methodToken: 'tok_sepa' };
    world.faults = (call) => (call === 'orders.create' ? 'timeout' : 'none');
    const running = rejection(post(world, a, { key: 'k' }));
    await world.clock.advance(1_000);
    expect((await rejection(post(world, a, { key: 'k' }, other))).code).toBe('idempotency_key_reused');
    await world.clock.advance(10_000);
    expect((await running).code).toBe('upstream_failed');
    expect((await rejection(post(world, a, { key: 'k' }, other))).code).toBe('idempotency_key_reused');
  });

  it('does not care in which order the fields of the request stand', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    await post(world, a);
    const { country, city, ...rest } = request.shippingAddress;
    const turned = { ...request, shippingAddress: { country, city, ...rest } };
    await expect(post(world, a, {}, turned)).resolves.toMatchObject({ replayed: true });
  });

  it('lets the same request follow the first, here and at another instance', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    let calls = 0;
    world.faults = (call) => (call === 'payments.authorise' && calls++ === 0 ? 'timeout' : 'none');
    const first = post(world, a);
    await world.clock.advance(1_000);
    const others = [post(world, a), post(world, b)];
    await world.clock.advance(2_000);
    const outcome = await first;
    expect(outcome.replayed).toBe(false);
    await expect(Promise.all(others)).resolves.toEqual(Array(2).fill({ ...outcome, replayed: true }));
    expect(world.commerce.orders.size).toBe(1);
  });

  it('is answered with «in flight» when another instance is still at it after a while, and when to come again', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    world.faults = (call) => (call === 'payments.authorise' ? 'timeout' : 'none');
    const running = rejection(post(world, a));
    await world.clock.advance(500);
    const waiting = rejection(post(world, b));
    await world.clock.advance(3_100);
    expect(await waiting).toMatchObject({ code: 'conflict', retryAfterMs: 1_000 });
    await world.clock.advance(10_000);
    await running;
  });

  it('is taken over from an instance that was killed, for the client that asks the next one', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    let calls = 0;
    world.faults = (call) => (call === 'payments.authorise' && calls++ === 0 ? 'crash_before' : 'none');
    void post(world, a);
    await world.clock.advance(500);
    const repeated = post(world, b);
    await world.clock.advance(2_100);
    await expect(repeated).resolves.toMatchObject({ order: { status: 'confirmed' }, replayed: false });
    expect(world.commerce.orders.size).toBe(1);
    expect(world.imbalances()).toEqual([]);
  });

  it("is each user's own", async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    const alices = await post(world, a, { subject: 'alice' });
    const bobs = await post(world, a, { subject: 'bob' });
    expect(bobs.order.customerId).toBe('bob');
    expect(bobs.order.orderId).not.toBe(alices.order.orderId);
  });

  it('makes one order of a thousand concurrent requests to two instances', async () => {
    const world = createCheckoutWorld();
    const instances = [world.openInstance('a'), world.openInstance('b')];
    const posts = Promise.all(
      Array.from({ length: 1_000 }, (_, index) => post(world, instances[index % 2]!)),
    );
    await world.clock.advance(200);
    const answers = await posts;
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ order }) => order.orderId)).size).toBe(1);
    expect(world.commerce.orders.size).toBe(1);
    expect(world.imbalances()).toEqual([]);
  });
});

describe('a checkout', () => {
  it('goes on when its client leaves, and when its time is over', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    let calls = 0;
    world.faults = (call) => (call === 'payments.authorise' && calls++ === 0 ? 'timeout' : 'none');
    const scope = world.openRequest({ timeoutMs: 500 });
    const waiting = rejection(a.checkout.checkout(request, scope.context));
    await world.clock.advance(500);
    expect(await waiting).toMatchObject({ code: 'deadline_exceeded', retryAfterMs: 1_000 });
    await world.clock.advance(5_000);
    await expect(post(world, a)).resolves.toMatchObject({ order: { status: 'confirmed' }, replayed: true });

    const left = world.openRequest({ key: 'left' });
    const abandoned = rejection(a.checkout.checkout(request, left.context));
    left.cancel(new AppError('cancelled', 'The client went away.'));
    expect((await abandoned).code).toBe('cancelled');
    await world.clock.advance(1_000);
    await expect(post(world, a, { key: 'left' })).resolves.toMatchObject({ replayed: true });
  });

  it('says that nothing was bought as soon as that is certain, though it is still being undone', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    b.checkout.start();
    world.faults = (call) => (call.startsWith('payments.') ? 'timeout' : 'none');
    const waiting = rejection(post(world, a));
    await world.clock.advance(5_000);
    expect(await waiting).toMatchObject({ code: 'upstream_failed' });
    expect(world.commerce.orders.get('order-1')?.status).toBe('pending');
    expect((await rejection(post(world, b))).code).toBe('upstream_failed');
    world.faults = () => 'none';
    await world.clock.advance(60_000);
    expect(world.imbalances()).toEqual([]);
    await b.checkout.close();
  });

  it('is finished by another instance at once when its own stops in the middle', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    world.faults = (call, instance) => (instance === 'a' && call === 'orders.confirm' ? 'timeout' : 'none');
    const waiting = rejection(post(world, a, { timeoutMs: 60_000 }));
    await world.clock.advance(500);
    const closing = a.checkout.close(1_000);
    await world.clock.advance(1_000);
    await closing;
    expect(await waiting).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    expect((await rejection(post(world, a))).code).toBe('unavailable');
    await expect(post(world, b)).resolves.toMatchObject({ order: { status: 'confirmed' }, replayed: false });
  });

  it('is undone instead of finished when its instance was away for longer than a customer waits', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    world.faults = (call, instance) =>
      instance === 'a' && call === 'payments.authorise' ? 'crash_after' : 'none';
    void rejection(post(world, a));
    await world.clock.advance(61_000);
    await expect(b.checkout.recoverUnfinished()).resolves.toEqual({ found: 1, finished: 1 });
    expect(world.commerce.effects.map(({ name }) => name)).toEqual([
      'order pending',
      'payment authorised',
      'payment voided',
      'order cancelled',
    ]);
    expect((await rejection(post(world, b))).code).toBe('upstream_failed');
  });

  it('is finished, however long its instance was away, once the customer may have seen his order confirmed', async () => {
    for (const fault of ['crash_before', 'crash_after'] as const) {
      const world = createCheckoutWorld();
      const [a, b] = [world.openInstance('a'), world.openInstance('b')];
      world.faults = (call, instance) => (instance === 'a' && call === 'orders.confirm' ? fault : 'none');
      void rejection(post(world, a));
      await world.clock.advance(3_600_000);
      await expect(b.checkout.recoverUnfinished()).resolves.toEqual({ found: 1, finished: 1 });
      await expect(post(world, b)).resolves.toMatchObject({
        payment: { status: 'captured' },
        replayed: true,
      });
      expect(world.imbalances()).toEqual([]);
    }
  });

  it('leaves nothing readable in the store', async () => {
    const world = createCheckoutWorld();
    const a = world.openInstance('a');
    world.faults = (call, instance) =>
      instance === 'a' && call === 'shipments.create' ? 'crash_before' : 'none';
    void rejection(post(world, a));
    await world.clock.advance(0);
    await post(world, world.openInstance('b'), { key: 'key-2' });
    const dump = JSON.stringify([...world.store.entries]);
    expect(world.store.entries.size).toBeGreaterThanOrEqual(2);
    for (const text of [
      'alice',
      'Dam 1',
      'Amsterdam',
      'tok_visa',
      '4242',
      'key-1',
      'TEA',
      'order-1',
      'orders',
    ]) {
      expect(dump).not.toContain(text);
    }
  });

  it('is left alone, and told of, when its journal was sealed with an unknown key', async () => {
    const world = createCheckoutWorld();
    const [a, b] = [world.openInstance('a'), world.openInstance('b')];
    world.faults = (call, instance) =>
      instance === 'a' && call === 'orders.create' ? 'crash_after' : 'none';
    void rejection(post(world, a));
    await world.clock.advance(20_000);
    const [key, entry] = [...world.store.entries].find(([name]) => name.startsWith('checkout/entry/'))!;
    Object.assign(entry, { value: entry.value.replace(/^\w+/, '00000000') });
    await expect(b.checkout.recoverUnfinished()).resolves.toEqual({ found: 1, finished: 0 });
    expect(b.events).toMatchObject([{ kind: 'recovery_failed', error: { code: 'internal' } }]);
    expect(world.store.entries.has(key)).toBe(true);
  });
});
