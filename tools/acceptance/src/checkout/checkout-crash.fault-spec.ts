import type { CheckoutOutcome } from '@bff/aggregation';
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

type Cell = (typeof table)[number] | (typeof cancelPoints)[number];

/** Processes at a time: to start one takes a processor, to wait for the lease of a dead one takes none. */
const atATime = 2;

describe('a BFF that is killed', () => {
  let shop: TestShop;
  let survivor: BffWrites;
  const struck = new Map<object, Promise<CheckoutOutcome | undefined>>();
  const subjectOf = (cell: object) => `user-${String([...table, ...cancelPoints].indexOf(cell as never))}`;

  /** Lets a BFF die in the middle of this cell's work, and its client do what it does then. */
  async function strike(cell: Cell): Promise<CheckoutOutcome | undefined> {
    const subject = subjectOf(cell);
    const { call, when } = cell;
    if ('sequel' in cell) {
      await shop.killBffAt({ call, when, occurrence: cell.occurrence, subject, key: 'key' });
      return cell.sequel === 'the client repeats it' ? repeat(survivor, subject) : undefined;
    }
    const { order } = await repeat(survivor, subject);
    await shop.killBffAt({ call, when, occurrence: 1, subject, key: 'cancel', cancel: order.orderId });
    return undefined;
  }

  beforeAll(async () => {
    shop = await openTestShop();
    survivor = await shop.openBff();
    survivor.checkout.start();
    const cells: Iterator<Cell> = [...table, ...cancelPoints].values();
    const work = async () => {
      for (let next = cells.next(); next.done !== true; next = cells.next()) {
        const outcome = strike(next.value);
        struck.set(next.value, outcome);
        // Its own test tells.
        await outcome.catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
    await untilNothingIsOpen(survivor);
  }, 120_000);
  afterAll(async () => {
    await survivor.close();
    await shop.close();
  });

  it.each(table)('$when $call ($occurrence) of a checkout, and $sequel', async (cell) => {
    const subject = subjectOf(cell);
    const answer = await struck.get(cell);
    const books = await shop.readBooksOf(survivor, subject);
    expect(findImbalances(books)).toEqual([]);
    // Before it was in the index nobody but the client knows of it: nothing has begun.
    const unknown = cell.call === 'store.compareAndSet' && cell.occurrence === 1;
    const isUnknown = unknown || (cell.call === 'store.set' && cell.when === 'before');
    const expected = answer === undefined && isUnknown ? [] : ['confirmed'];
    expect(books.orders.map(({ status }) => status)).toEqual(expected);
    if (answer) expect(answer.order.orderId).toBe(books.orders[0]?.orderId);
    const later = await repeat(survivor, subject);
    expect(later.replayed).toBe(expected.length > 0);
    if (answer) expect(later).toEqual({ ...answer, replayed: true });
  });

  it.each(cancelPoints)('$when $call of a cancellation, has it finished by another', async (cell) => {
    await struck.get(cell);
    const books = await shop.readBooksOf(survivor, subjectOf(cell));
    expect(findImbalances(books)).toEqual([]);
    expect(books.orders.map(({ status }) => status)).toEqual(['cancelled']);
    expect(books.payments.map(({ status }) => status)).toEqual(['refunded']);
  });

  it('has made one order of a thousand concurrent requests with one key to two instances', async () => {
    await proveOneOrder(shop, survivor, 'one SQLite file');
  }, 60_000);
});
