import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder } from '@bff/service-kit/testing';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

// Its parcel is still in the house.
const id = 'ord_0010';
const screen = `query ($id: ID!) { order(id: $id) { shipment { latestEvent { place } } } }`;
const cancel = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { id } } }`;

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('two instances that keep answers', () => {
  it('give none from before a write, whichever of them it went through', async () => {
    const folder = createTemporaryFolder();
    cleanUps.push(() => {
      folder.remove();
    });
    const keeping = { STATE_FILE: join(folder.path, 'state.db'), CACHE_FRESH_MS: '600000' };
    const writer = await startTestApp(keeping);
    const reader = await startTestApp(keeping, undefined, writer);
    cleanUps.push(
      () => writer.close(),
      () => reader.close(),
    );
    const placeAt = async ({ ask }: RunningMobileBff) => {
      const { body } = await ask(screen, { variables: { id } });
      return (body.data as { order: { shipment: { latestEvent: { place: string } } } }).order.shipment
        .latestEvent.place;
    };
    const before = await placeAt(reader);
    writer.backend.moveShipment(id, 'preparing', 'at the gate');
    expect(await placeAt(reader)).toBe(before);
    // The services of this test cannot be written to. A write that fails may have been done, too.
    await writer.ask(cancel, { variables: { input: { id, idempotencyKey: 'k' } } });
    expect(await placeAt(writer)).toBe('at the gate');
    // The word of a write takes some milliseconds.
    while ((await placeAt(reader)) === before) await new Promise((resolve) => setImmediate(resolve));
  });
});
