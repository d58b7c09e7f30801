import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import { createPostgresDatabase, openPostgresRelay, spawnService } from '@bff/service-kit/testing';
import { durableOrders } from './testing/durable-orders.ts';

const disposals: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

it('starts while PostgreSQL is away, says so, and serves as soon as it is there', async () => {
  const database = await createPostgresDatabase();
  disposals.push(database.remove);
  const before = await openPostgresRelay(database.url);
  await before.close();
  const keys = createTestInternalKeys();
  const service = await spawnService(durableOrders.mainFile, {
    DATABASE_URL: before.url.href,
    INTERNAL_JWKS: JSON.stringify(keys.jwks),
    SEED_DATA: 'true',
  });
  disposals.push(() => service.kill('SIGKILL'));
  const authorization = `Bearer ${await keys.token('order-service', { subject: 'alice' })}`;
  const statusOf = async (url: string) => (await fetch(url, { headers: { authorization } })).status;
  expect(await statusOf(`${service.adminUrl}/readyz`)).toBe(503);
  expect(await statusOf(`${service.httpUrl}/v1/orders/ord_0001`)).toBe(503);

  const relay = await openPostgresRelay(database.url, Number(before.url.port));
  disposals.push(relay.close);
  while ((await statusOf(`${service.adminUrl}/readyz`)) !== 200) await pause(50);
  expect(await statusOf(`${service.httpUrl}/v1/orders/ord_0001`)).toBe(200);
}, 30_000);
