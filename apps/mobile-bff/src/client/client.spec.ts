import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type RunningMobileBff } from '../testing/running-app.ts';
import { createMobileClient, OrderListDocument, OrderScreenDocument, type MobileClient } from './index.ts';
import * as operations from './generated/operations.ts';

const manifest = readFileSync(new URL('./generated/operation-manifest.json', import.meta.url), 'utf8');

let bff: RunningMobileBff;
let strict: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
  strict = await startTestApp({ NODE_ENV: 'production', OPERATION_MANIFEST: manifest }, undefined, bff);
});
afterAll(async () => {
  await strict.close();
  await bff.close();
});

function clientOf(app: RunningMobileBff, bodies: string[] = []): MobileClient {
  return createMobileClient({
    url: `${app.url}/graphql`,
    token: () => app.token(),
    fetch: (input, init) => {
      bodies.push(init?.body as string);
      return fetch(input, init);
    },
  });
}

describe('the typed client', () => {
  it('reads an order with the types of its document', async () => {
    const { data, errors } = await clientOf(bff).request(OrderScreenDocument, { id: 'ord_0001' });
    expect(errors).toBeUndefined();
    // These names and types are checked by the compiler.
    const cents: number = data!.order!.total.minorUnits;
    const place: string | undefined = data!.order!.shipment?.latestEvent?.place;
    expect([cents, place]).toEqual([23_575, 'Amsterdam regional sorting centre']);
  });

  it('sends a text once, then its hash alone', async () => {
    const bodies: string[] = [];
    const client = clientOf(bff, bodies);
    const list = () => client.request(OrderListDocument, { first: 2 });
    expect((await list()).data?.orders?.edges).toHaveLength(2);
    expect((await list()).data?.orders?.edges).toHaveLength(2);
    expect(bodies.map((body) => body.includes('query OrderList'))).toEqual([false, true, false]);
  });

  it('sends no text to a server that has the operations registered', async () => {
    const bodies: string[] = [];
    const { data } = await clientOf(strict, bodies).request(OrderScreenDocument, { id: 'ord_0001' });
    expect(data?.order?.status).toBe('CONFIRMED');
    expect(bodies).toHaveLength(1);
    expect(Buffer.byteLength(bodies[0]!)).toBeLessThan(180);
  });

  it('tells a part that is missing from one that there is none of', async () => {
    bff.services.payments.mood = 'fails';
    const { data, errors } = await clientOf(bff).request(OrderScreenDocument, { id: 'ord_0001' });
    bff.services.payments.mood = 'well';
    expect(data?.order?.payment).toBeNull();
    expect(errors?.[0]).toMatchObject({
      path: ['order', 'payment'],
      extensions: { code: 'SOURCE_UNAVAILABLE' },
    });
  });

  it('says when what answers is no GraphQL', async () => {
    const client = createMobileClient({ url: `${bff.url}/elsewhere`, token: () => bff.token() });
    await expect(client.request(OrderScreenDocument, { id: 'x' })).rejects.toThrow('404');
  });
});

describe('the generated operations', () => {
  it('have the hash of the text that is sent, which is the one in the manifest', () => {
    const registered = JSON.parse(manifest).operations as { id: string; body: string }[];
    const documents = Object.values(operations)
      .filter((value) => value instanceof operations.TypedDocumentString)
      // The others are fragments, which are part of their operations' texts.
      .filter((document) => document.__meta__?.['hash'] !== undefined);
    expect(documents).toHaveLength(registered.length);
    for (const document of documents) {
      const text = document.toString();
      const id = createHash('sha256').update(text).digest('hex');
      expect(registered.find((operation) => operation.id === id)?.body).toBe(text);
      expect(document.__meta__).toEqual({ hash: id });
    }
  });
});
