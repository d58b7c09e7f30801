import { setTimeout as pause } from 'node:timers/promises';
import { findImbalances } from '@bff/aggregation/testing';
import { AppError } from '@bff/core';
import { createTemporaryFolder } from '@bff/service-kit/testing';
import { startRedis, type RedisProcess } from '@bff/state/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestOf } from './checkout-request.ts';
import type { BffWrites } from './open-bff-writes.ts';
import { proveOneOrder } from './prove-one-order.ts';
import { repeat, untilNothingIsOpen } from './repeat.ts';
import { openRequest, openTestShop, type TestShop } from './test-shop.ts';

describe('checkouts whose journal is in Redis', () => {
  const folder = createTemporaryFolder();
  let redis: RedisProcess;
  let shop: TestShop;
  let bff: BffWrites;
  beforeAll(async () => {
    redis = await startRedis(undefined, folder.path);
    shop = await openTestShop({ redisUrl: `redis://127.0.0.1:${String(redis.port)}` });
    bff = await shop.openBff();
    bff.checkout.start();
  }, 30_000);
  afterAll(async () => {
    await bff.close();
    await shop.close();
    await redis.kill();
    folder.remove();
  });

  it('are finished by another instance when theirs is killed', async () => {
    await shop.killBffAt({
      call: 'payments.authorise',
      occurrence: 1,
      when: 'after',
      subject: 'ann',
      key: 'key',
    });
    await untilNothingIsOpen(bff);
    const books = await shop.readBooksOf(bff, 'ann');
    expect(findImbalances(books)).toEqual([]);
    expect(books.orders.map(({ status }) => status)).toEqual(['confirmed']);
  }, 30_000);

  it('are one for a thousand concurrent requests with one key to two instances', async () => {
    await proveOneOrder(shop, bff, 'one Redis');
  }, 60_000);

  it('survive that Redis dies in the middle: the same key finds what was begun', async () => {
    let killed: Promise<void> | undefined;
    const unlucky = await shop.openBff((name, target) => {
      const { authorise } = target as { authorise?: (...values: unknown[]) => Promise<unknown> };
      if (name !== 'payments' || !authorise) return target;
      const thenKill = async (...values: unknown[]) => {
        const payment = await authorise.apply(target, values);
        await (killed ??= redis.kill());
        return payment;
      };
      return { ...target, authorise: thenKill };
    });
    const scope = openRequest('bea', 'key');
    const interrupted = await unlucky.checkout.checkout(requestOf('bea'), scope.context).catch(AppError.from);
    scope.close();
    expect(interrupted).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    const { port } = redis;
    // Half done, as it should be for this test.
    expect((await shop.readBooksOf(bff, 'bea')).orders).toHaveLength(1);
    redis = await startRedis(port, folder.path);
    while (
      !(await bff.store.get('any').then(
        () => true,
        () => false,
      ))
    )
      await pause(50);
    const { order } = await repeat(bff, 'bea');
    await untilNothingIsOpen(bff);
    const books = await shop.readBooksOf(bff, 'bea');
    expect(findImbalances(books)).toEqual([]);
    expect(books.orders.map(({ orderId }) => orderId)).toEqual([order.orderId]);
    await unlucky.close();
  }, 60_000);
});
