import { findImbalances } from '@bff/aggregation/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BffWrites } from './open-bff-writes.ts';
import { untilNothingIsOpen } from './repeat.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const beforePivot = ['orders.create', 'payments.authorise', 'shipments.create'];
const fromPivot = ['orders.confirm', 'payments.capture', 'shipments.release'];

/** With no patience, what was interrupted before the order was confirmed is undone. */
const attitudes = [
  { patienceMs: 60_000, name: 'finishes', undone: [] as string[] },
  { patienceMs: 1, name: 'undoes or finishes', undone: beforePivot },
];

describe.each(attitudes)('a BFF that was frozen, while another $name its work', ({ patienceMs, undone }) => {
  let shop: TestShop;
  let survivor: BffWrites;
  let users = 0;
  beforeAll(async () => {
    shop = await openTestShop({ patienceMs });
    survivor = await shop.openBff();
    survivor.checkout.start();
  }, 30_000);
  afterAll(async () => {
    await survivor.close();
    await shop.close();
  });

  it.each(
    [...beforePivot, ...fromPivot].flatMap((call) => [
      { call, when: 'before' as const },
      { call, when: 'after' as const },
    ]),
  )(
    'does no harm when it goes on $when $call',
    async ({ call, when }) => {
      const subject = `user-${String(++users)}`;
      const frozen = await shop.freezeBffAt({ call, occurrence: 1, when, subject, key: 'key' });
      await untilNothingIsOpen(survivor);
      const expected = undone.includes(call) ? 'cancelled' : 'confirmed';
      const settled = await shop.readBooksOf(survivor, subject);
      await frozen.resume();
      const books = await shop.readBooksOf(survivor, subject);
      expect(findImbalances(books)).toEqual([]);
      expect(books).toEqual(settled);
      // Nothing of it had been sent when it was undone: nothing was made, and the late request makes nothing either.
      const nothing = call === 'orders.create' && when === 'before' && expected === 'cancelled';
      expect(books.orders.map(({ status }) => status)).toEqual(nothing ? [] : [expected]);
    },
    30_000,
  );
});
