import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import {
  createCheckoutWorld,
  request,
  type CheckoutWorld,
  type Fault,
  type Instance,
} from '../testing/checkout-world.ts';
import type { CheckoutOutcome } from './checkout.ts';

/** The calls that a checkout makes, in their order, with the writes to its journal in between. */
const calls = [
  'store.get',
  'store.acquireLease',
  'store.compareAndSet',
  'store.set',
  'orders.create',
  'payments.authorise',
  'shipments.create',
  'orders.confirm',
  'payments.capture',
  'shipments.release',
  'store.delete',
];
const faults: Fault[] = ['error', 'timeout', 'lost', 'late', 'crash_before', 'crash_after'];
/** Once: the first try only. For a while: all tries, until the services are well again after 20 seconds. */
const durations = ['once', 'for a while'] as const;
const sequels = ['the client repeats it', 'nobody asks again'] as const;

const table = calls.flatMap((call) =>
  faults.flatMap((fault) =>
    durations.flatMap((duration) =>
      fault.startsWith('crash') && duration === 'for a while'
        ? []
        : sequels.map((sequel) => ({ call, fault, duration, sequel })),
    ),
  ),
);

describe('a checkout, when', () => {
  it.each(table)('$call meets $fault $duration and $sequel, ends whole or not at all', async (cell) => {
    const world = createCheckoutWorld();
    const [first, second] = [world.openInstance('first'), world.openInstance('second')];
    first.checkout.start();
    second.checkout.start();
    let met = 0;
    world.faults = (call) => {
      if (call !== cell.call || (cell.duration === 'once' && met > 0) || world.clock.now() > 20_000)
        return 'none';
      met++;
      return cell.fault;
    };
    const answers = [await ask(world, first)];
    if (cell.sequel === 'the client repeats it') {
      while (!isFinal(answers.at(-1)!) && answers.length < 100) {
        await world.clock.advance(1_000);
        answers.push(await ask(world, answers.length % 2 === 0 && first.isAlive() ? first : second));
      }
    }
    await world.clock.advance(180_000);

    expect(met).toBeGreaterThan(0);
    expect(world.imbalances()).toEqual([]);
    expect(world.commerce.orders.size).toBeLessThanOrEqual(1);
    expectUndoneInReverse(world);
    expect([...world.store.entries.keys()].filter((key) => key.startsWith('checkout/open/'))).toEqual([]);
    await expectTrueAnswers(world, second, answers);
    if (first.isAlive()) await first.checkout.close();
    await second.checkout.close();
    if (first.isAlive()) expect(world.clock.pendingTimers()).toBe(0);
  });

  it('covers every step with every fault', () => {
    process.stdout.write(`checkout × one fault: ${String(table.length)} cells, books balanced in each\n`);
    expect(table).toHaveLength(11 * (4 * 2 + 2) * 2);
  });
});

type Answer = CheckoutOutcome | AppError | 'none';

/** An instance that dies answers nothing. */
async function ask(world: CheckoutWorld, instance: Instance): Promise<Answer> {
  const scope = world.openRequest();
  const answers: Answer[] = [];
  instance.checkout.checkout(request, scope.context).then(
    (outcome) => answers.push(outcome),
    (thrown: unknown) => answers.push(AppError.from(thrown)),
  );
  for (let waited = 0; waited < 6_000 && answers.length === 0; waited += 100) await world.clock.advance(100);
  scope.close();
  return answers[0] ?? 'none';
}

const askAgain = ['conflict', 'deadline_exceeded', 'unavailable'];

function isFinal(answer: Answer): boolean {
  return answer !== 'none' && !(answer instanceof AppError && askAgain.includes(answer.code));
}

/** Whatever was answered as final is what the books say, and what everybody is answered later. */
async function expectTrueAnswers(world: CheckoutWorld, instance: Instance, answers: Answer[]): Promise<void> {
  const [order] = world.commerce.orders.values();
  const later = await ask(world, instance);
  if (order?.status === 'confirmed') expect(later).toMatchObject({ order: { orderId: order.orderId } });
  for (const answer of answers.filter(isFinal)) {
    if (answer instanceof AppError)
      expect(later).toMatchObject({ code: answer.code, message: answer.message });
    else expect(later).toEqual({ ...(answer as CheckoutOutcome), replayed: true });
  }
  // Nothing known of it: the key was never used, so the last one has placed the order.
  expect(isFinal(later)).toBe(true);
}

const way = ['order pending', 'payment authorised', 'shipment preparing', 'order confirmed'];
const wayBack = ['shipment cancelled', 'payment voided', 'order cancelled'];

function expectUndoneInReverse({ commerce }: CheckoutWorld): void {
  const names = commerce.effects.map(({ name }) => name);
  const undone = names.filter((name) => wayBack.includes(name));
  expect(undone).toEqual(wayBack.filter((name) => undone.includes(name)));
  if (undone.length === 0) {
    const whole = [...way, 'payment captured', 'shipment released'];
    expect(names).toEqual(names.length === 0 ? [] : whole);
  }
}
