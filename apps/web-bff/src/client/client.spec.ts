import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBff } from '../testing/open-test-bff.ts';
import { startRealServices } from '../testing/real-services.ts';
import { sampleCheckout } from '../testing/sample-checkout.ts';
import { buyAndFollow, listOrders } from './buy-and-follow.example.ts';
import { createWebClient, FollowRefused, type WebClient } from './index.ts';

let services: Awaited<ReturnType<typeof startRealServices>>;
let bff: Awaited<ReturnType<typeof openBff>>;
let client: WebClient;

// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  bff = await openBff({ ...services.environment, EVENTS_LIFE_MS: '500' });
  client = createWebClient({ baseUrl: bff.url, accessToken: () => bff.token() });
}, 30_000);
afterAll(async () => {
  await bff.close();
  await services.close();
});

describe('the typed client', () => {
  it('is what another package of the workspace imports by name', () => {
    const { resolve } = createRequire(import.meta.url);
    expect(resolve('@bff/web-bff/client')).toBe(join(import.meta.dirname, 'index.ts'));
  });

  it('runs the example: buys, and follows the parcel over several connections until it is there', async () => {
    const shown: string[] = [];
    const steps = ['in_transit', 'out_for_delivery', 'delivered'];
    const show = (text: string) => {
      shown.push(text);
      const next = shown.length - 2;
      const shipmentId = `shp_${/ord_(\d+)/.exec(shown[0]!)![1]!}`;
      const step = steps[next];
      if (step) void services.advance(shipmentId, step, `place ${next + 1}`);
    };
    await buyAndFollow(client, sampleCheckout, show, AbortSignal.timeout(12_000));
    expect(shown).toEqual([
      expect.stringMatching(/^ord_\d+ is confirmed, 37\.8 EUR$/),
      expect.stringMatching(/^preparing, /),
      'in_transit, place 1',
      'out_for_delivery, place 2',
      'delivered, place 3',
    ]);
  });

  it('lists orders with the fields of a row', async () => {
    const rows = await listOrders(client);
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatch(/^ord_\d+ confirmed delivered$/);
  });

  it('gives errors as problems with a code', async () => {
    const { error, response } = await client.GET('/v1/orders/{orderId}', {
      params: { path: { orderId: 'ord_9999' } },
    });
    expect([response.status, error?.code]).toEqual([404, 'not_found']);
  });

  it('does not try for ever to follow what it may not see', async () => {
    const following = client.followOrder('ord_9999', { signal: AbortSignal.timeout(5_000) });
    await expect(following.next()).rejects.toBeInstanceOf(FollowRefused);
  });
});
