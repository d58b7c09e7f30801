import { findImbalances, type Books } from '@bff/aggregation/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { untilNothingIsOpen } from './repeat.ts';
import { openTestShop } from './test-shop.ts';

const beforePivot = ['orders.create', 'payments.authorise', 'shipments.create'];
const fromPivot = ['orders.confirm', 'payments.capture', 'shipments.release'];

const points = [...beforePivot, ...fromPivot].flatMap((call) => [
  { call, when: 'before' as const },
  { call, when: 'after' as const },
]);
type Point = (typeof points)[number];

/** With no patience, what was interrupted before the order was confirmed is undone. */
const attitudes = [
  { patienceMs: 60_000, name: 'finishes', undone: [] as string[] },
  { patienceMs: 1, name: 'undoes or finishes', undone: beforePivot },
];

/** The books while it was frozen, when another had settled its work, and after it had gone on to its end. */
interface Thawed {
  readonly settled: Books;
  readonly books: Books;
}

/** Processes at a time, of each attitude: to start one takes a processor, to wait for the lease of a frozen one takes none. */
const atATime = 2;

/** Freezes a BFF at every point, each in the work of a user of its own. What went wrong is told by the test of its point. */
async function freezeAtEveryPoint(patienceMs: number): Promise<Map<Point, Promise<Thawed>>> {
  const shop = await openTestShop({ patienceMs });
  const survivor = await shop.openBff();
  survivor.checkout.start();
  const freezeAt = async (point: Point): Promise<Thawed> => {
    const subject = `user-${String(points.indexOf(point))}`;
    const frozen = await shop.freezeBffAt({ ...point, occurrence: 1, subject, key: 'key' });
    await untilNothingIsOpen(survivor);
    const settled = await shop.readBooksOf(survivor, subject);
    await frozen.resume();
    return { settled, books: await shop.readBooksOf(survivor, subject) };
  };
  const thawed = new Map<Point, Promise<Thawed>>();
  const left = points.values();
  const work = async () => {
    for (const point of left) {
      const outcome = freezeAt(point);
      thawed.set(point, outcome);
      await outcome.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  await survivor.close();
  await shop.close();
  return thawed;
}

let ofAttitudes: Map<Point, Promise<Thawed>>[];
beforeAll(async () => {
  ofAttitudes = await Promise.all(attitudes.map(({ patienceMs }) => freezeAtEveryPoint(patienceMs)));
}, 120_000);

describe.each(attitudes)('a BFF that was frozen, while another $name its work', (attitude) => {
  it.each(points)('does no harm when it goes on $when $call', async (point) => {
    const thawed = await ofAttitudes[attitudes.indexOf(attitude)]?.get(point);
    if (!thawed) throw new Error('It was not frozen there.');
    const { call, when } = point;
    const expected = attitude.undone.includes(call) ? 'cancelled' : 'confirmed';
    expect(findImbalances(thawed.books)).toEqual([]);
    expect(thawed.books).toEqual(thawed.settled);
    // Nothing of it had been sent when it was undone: nothing was made, and the late request makes nothing either.
    const nothing = call === 'orders.create' && when === 'before' && expected === 'cancelled';
    expect(thawed.books.orders.map(({ status }) => status)).toEqual(nothing ? [] : [expected]);
  });
});
