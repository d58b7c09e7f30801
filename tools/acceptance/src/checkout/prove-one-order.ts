import type { CheckoutOutcome } from '@bff/aggregation';
import { findImbalances } from '@bff/aggregation/testing';
import { AppError } from '@bff/core';
import { expect } from '@jest/globals';
import { requestOf } from './checkout-request.ts';
import type { BffWrites } from './open-bff-writes.ts';
import { openRequest, type TestShop } from './test-shop.ts';

/** A thousand concurrent requests with one key to two instances make one order; prints what they were answered. */
export async function proveOneOrder(shop: TestShop, first: BffWrites, storage: string): Promise<void> {
  const other = await shop.openBff();
  const start = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, async (_, index) => {
      const scope = openRequest('crowd', 'one key', 60_000);
      const { checkout } = index % 2 === 0 ? first : other;
      return checkout.checkout(requestOf('crowd'), scope.context).catch(AppError.from).finally(scope.close);
    }),
  );
  const elapsedMs = Math.round(performance.now() - start);
  const errors = answers.filter((answer) => answer instanceof AppError);
  const placed = answers.filter((answer): answer is CheckoutOutcome => !(answer instanceof AppError));
  const books = await shop.readBooksOf(first, 'crowd');
  process.stdout.write(
    `1000 posts, one key, two instances on ${storage}: ${String(books.orders.length)} order, ` +
      `${String(placed.length)} outcomes, ${String(errors.length)} «in flight», ${String(elapsedMs)} ms\n`,
  );
  expect(books.orders).toHaveLength(1);
  expect(findImbalances(books)).toEqual([]);
  expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(placed.map(({ order }) => order.orderId)).size).toBe(1);
  expect([...new Set(errors.map(({ code }) => code))]).toEqual(errors.length > 0 ? ['conflict'] : []);
  await other.close();
}
