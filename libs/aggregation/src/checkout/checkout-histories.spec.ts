import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createCheckoutWorld,
  request,
  type CheckoutWorld,
  type Fault,
  type Instance,
} from '../testing/checkout-world.ts';

const faults: Fault[] = ['error', 'timeout', 'lost', 'late', 'crash_before', 'crash_after'];

const action = fc.record({
  does: fc.constantFrom('post', 'post', 'post', 'cancel', 'courier'),
  key: fc.integer({ min: 0, max: 2 }),
  instance: fc.integer({ min: 0, max: 1 }),
  thenMs: fc.constantFrom(0, 50, 700, 4_000, 12_000),
  declined: fc.boolean(),
});

/** One entry per call that is made, whatever it is; most of them go well. */
const plan = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fault>('none') },
    { weight: 1, arbitrary: fc.constantFrom(...faults) },
  ),
  { maxLength: 150 },
);

it('balances the books after any history of checkouts, cancellations, faults and crashes', async () => {
  const seen = { histories: 0, placed: 0, failed: 0, crashes: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), plan, async (actions, faultPlan) => {
      const world = createCheckoutWorld();
      const instances = [openInstance(world, 0), openInstance(world, 1)];
      let call = 0;
      let healed = false;
      world.faults = () => (healed ? 'none' : (faultPlan[call++] ?? 'none'));
      for (const { does, key, instance: index, thenMs, declined } of actions) {
        // What died is started again.
        if (!instances[index]!.isAlive()) {
          seen.crashes++;
          instances[index] = openInstance(world, index);
        }
        const scope = world.openRequest({ key: `key-${String(key)}` });
        const { checkout } = instances[index]!;
        const body = { ...request, methodToken: declined && key === 2 ? 'tok_declined' : 'tok_visa' };
        if (does === 'courier') world.commerce.dispatch();
        else if (does === 'post') checkout.checkout(body, scope.context).catch(ignore);
        else checkout.cancelOrder({ orderId: `order-${String(key + 1)}` }, scope.context).catch(ignore);
        await world.clock.advance(thenMs);
      }
      healed = true;
      for (const [index, instance] of instances.entries()) {
        if (!instance.isAlive()) instances[index] = openInstance(world, index);
      }
      await world.clock.advance(300_000);

      expect(world.imbalances()).toEqual([]);
      expect(world.commerce.orders.size).toBeLessThanOrEqual(3);
      expect([...world.store.entries.keys()].filter((name) => name.startsWith('checkout/open/'))).toEqual([]);
      seen.histories++;
      const statuses = [...world.commerce.orders.values()].map(({ status }) => status);
      seen.placed += statuses.filter((status) => status === 'confirmed').length;
      seen.failed += statuses.filter((status) => status === 'cancelled').length;
    }),
    { numRuns: 300 },
  );
  process.stdout.write(`checkout histories: ${JSON.stringify(seen)}\n`);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
}, 60_000);

function openInstance(world: CheckoutWorld, index: number): Instance {
  const instance = world.openInstance(String(index));
  instance.checkout.start();
  return instance;
}

/** What is answered does not matter here: the books do. */
const ignore = () => undefined;
