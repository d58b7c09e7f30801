import { findImbalances } from '@bff/aggregation/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BffWrites } from './open-bff-writes.ts';
import { proveOneOrder } from './prove-one-order.ts';
import { repeat, untilNothingIsOpen } from './repeat.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

/** Every call that a checkout makes to a service, and its writes to the journal: begun, five steps further, ended. */
const points = [
  ...['orders.create', 'payments.authorise', 'shipments.create', 'orders.confirm', 'payments.capture'],
  'shipments.release',
]
  .map((call) => ({ call, occurrence: 1 }))
  .concat([1, 2, 4, 7].map((occurrence) => ({ call: 'store.compareAndSet', occurrence })))
  .concat([{ call: 'store.set', occurrence: 1 }]);
const whens = ['before', 'after'] as const;
const sequels = ['the client repeats it', 'nobody asks again'] as const;

const table = points.flatMap((point) =>
  whens.flatMap((when) => sequels.map((sequel) => ({ ...point, when, sequel }))),
);

const cancelPoints = ['shipments.cancel', 'orders.cancel', 'payments.refund'].flatMap((call) =>
  whens.map((when) => ({ call, when })),
);

describe('a BFF that is killed', () => {
  let shop: TestShop;
  let survivor: BffWrites;
  let users = 0;
  beforeAll(async () => {
    shop = await openTestShop();
    survivor = await shop.openBff();
    survivor.checkout.start();
  }, 30_000);
  afterAll(async () => {
    await survivor.close();
    await shop.close();
  });

  it.each(table)(
    '$when $call ($occurrence) of a checkout, and $sequel',
    async ({ sequel, ...point }) => {
      const subject = `user-${String(++users)}`;
      await shop.killBffAt({ ...point, subject, key: 'key' });
      const answer = sequel === 'the client repeats it' ? await repeat(survivor, subject) : undefined;
      await untilNothingIsOpen(survivor);

      const books = await shop.readBooksOf(survivor, subject);
      expect(findImbalances(books)).toEqual([]);
      // Before it was in the index nobody but the client knows of it: nothing has begun.
      const unknown = point.call === 'store.compareAndSet' && point.occurrence === 1;
      const isUnknown = unknown || (point.call === 'store.set' && point.when === 'before');
      const expected = answer === undefined && isUnknown ? [] : ['confirmed'];
      expect(books.orders.map(({ status }) => status)).toEqual(expected);
      if (answer) expect(answer.order.orderId).toBe(books.orders[0]?.orderId);
      const later = await repeat(survivor, subject);
      expect(later.replayed).toBe(expected.length > 0);
      if (answer) expect(later).toEqual({ ...answer, replayed: true });
    },
    30_000,
  );

  it.each(cancelPoints)(
    '$when $call of a cancellation, has it finished by another',
    async (point) => {
      const subject = `user-${String(++users)}`;
      const { order } = await repeat(survivor, subject);
      await shop.killBffAt({ ...point, occurrence: 1, subject, key: 'cancel', cancel: order.orderId });
      await untilNothingIsOpen(survivor);
      const books = await shop.readBooksOf(survivor, subject);
      expect(findImbalances(books)).toEqual([]);
      expect(books.orders.map(({ status }) => status)).toEqual(['cancelled']);
      expect(books.payments.map(({ status }) => status)).toEqual(['refunded']);
    },
    30_000,
  );

  it('has made one order of a thousand concurrent requests with one key to two instances', async () => {
    await proveOneOrder(shop, survivor, 'one SQLite file');
  }, 60_000);
});
