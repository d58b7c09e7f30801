import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import type { Behaviour } from './testing/fake-service.ts';
import { insideNames } from './testing/inside-names.ts';
import { openBff, startFakeServices } from './testing/open-test-bff.ts';

interface EndingOfSource {
  behaviour: Behaviour | 'stopped';
  /** What the client is told of a source that the answer can do without. */
  status?: string;
  code?: string;
}

const endings = {
  ok: { behaviour: 'answers' },
  '5xx': { behaviour: 'fails', status: 'unavailable', code: 'upstream_failed' },
  timeout: { behaviour: 'hangs', status: 'timeout', code: 'deadline_exceeded' },
  refused: { behaviour: 'stopped', status: 'unavailable', code: 'upstream_failed' },
  'broken body': { behaviour: 'breaks', status: 'unavailable', code: 'upstream_failed' },
} satisfies Record<string, EndingOfSource>;

type Ending = keyof typeof endings;
const names = Object.keys(endings) as Ending[];
const endingOf = (name: Ending): EndingOfSource => endings[name];
const cells = names.flatMap((order) =>
  names.flatMap((payment) => names.map((shipment) => ({ order, payment, shipment }))),
);

interface Answer {
  status: number;
  completed: string | null;
  cache: string | null;
  tagged: boolean;
  text: string;
}

const keyOf = ({ order, payment, shipment }: (typeof cells)[number]) => [order, payment, shipment].join();
const answers = new Map<string, Answer>();
const services = new Map<Ending, Awaited<ReturnType<typeof startFakeServices>>>();

/** A port that was let go may be somebody else's a moment later; nobody is given port 1. */
const urlOf = (ending: Ending, service: 'orders' | 'payments' | 'shipments') =>
  ending === 'refused' ? 'http://127.0.0.1:1' : services.get(ending)![service].url;

const cleanUps: (() => Promise<void>)[] = [];

/** One set of services for each ending; every cell has a BFF of its own, so that none learns from another. */
beforeAll(async () => {
  const keys = createTestInternalKeys();
  for (const name of names) {
    const set = await startFakeServices(keys);
    services.set(name, set);
    const { behaviour } = endingOf(name);
    for (const service of [set.orders, set.payments, set.shipments]) {
      if (behaviour !== 'stopped') service.behaviour = behaviour;
      cleanUps.push(() => service.stop());
    }
  }
  await Promise.all(
    cells.map(async (cell) => {
      const bff = await openBff({
        INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
        ORDER_SERVICE_URL: urlOf(cell.order, 'orders'),
        PAYMENT_SERVICE_URL: urlOf(cell.payment, 'payments'),
        SHIPPING_SERVICE_URL: urlOf(cell.shipment, 'shipments'),
        // All cells start at once: what is not to time out gets the time that takes.
        PART_TIMEOUT_MS: '2500',
        SERVICE_TIMEOUT_MS: '2900',
        REQUEST_TIMEOUT_MS: '3500',
        SERVICE_HEALTH_CHECK_MS: '0',
      });
      cleanUps.push(() => bff.close());
      const response = await bff.get('/v1/orders/ord_0001');
      answers.set(keyOf(cell), {
        status: response.status,
        completed: response.headers.get('x-completed'),
        cache: response.headers.get('cache-control'),
        tagged: response.headers.has('etag'),
        text: await response.text(),
      });
    }),
  );
});
afterAll(() => Promise.all(cleanUps.map((cleanUp) => cleanUp())));

describe('an order page whose sources end', () => {
  it.each(cells)('order: $order, payment: $payment, shipment: $shipment', (cell) => {
    const { text, ...answer } = answers.get(keyOf(cell))!;
    expect(text).not.toMatch(insideNames);
    const body = JSON.parse(text);
    if (cell.order !== 'ok') {
      const status = cell.order === 'timeout' ? 504 : 502;
      expect(answer).toEqual({ status, completed: null, cache: 'no-store', tagged: false });
      expect(body).toMatchObject({ status, code: endingOf(cell.order).code });
      return;
    }
    const missing = (['payment', 'shipment'] as const).filter((part) => cell[part] !== 'ok');
    const complete = missing.length === 0;
    expect(answer).toEqual({
      status: 200,
      completed: String(complete),
      cache: complete ? 'private, no-cache' : 'no-store',
      tagged: complete,
    });
    expect(body.meta.sources).toEqual(
      missing.map((source) => ({
        source,
        status: endingOf(cell[source]).status,
        code: endingOf(cell[source]).code,
      })),
    );
    expect(body.orderId).toBe('ord_0001');
    expect(body.payment === null).toBe(cell.payment !== 'ok');
    expect(body.shipment === null).toBe(cell.shipment !== 'ok');
  });
});
