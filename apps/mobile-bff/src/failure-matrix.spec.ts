import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from './testing/answer.ts';
import type { Mood } from './testing/fake-service.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

/** What becomes of a source: it answers, answers 500, never answers, cannot be connected to, answers half a body. */
type Fate = 'ok' | '5xx' | 'timeout' | 'refused' | 'broken';
const fates: readonly Fate[] = ['ok', '5xx', 'timeout', 'refused', 'broken'];
const moods: Readonly<Record<Fate, Mood>> = {
  ok: 'well',
  '5xx': 'fails',
  timeout: 'hangs',
  // A port where nobody listens stands for the whole service.
  refused: 'well',
  broken: 'babbles',
};
interface Cell {
  order: Fate;
  payment: Fate;
  shipment: Fate;
  orderId: string;
}

const nobody = 'http://127.0.0.1:9';
const inside = /ECONN|127\.0\.0\.1|internal:|-service|undici|apollo|http:|at .*\.ts|SyntaxError/i;
const screen = 'query($id: ID!) { order(id: $id) { id payment { status } shipment { status } } }';
const complete = 'query($id: ID!) { order(id: $id) { id } }';

let bff: RunningMobileBff;
/** One mobile-bff for each set of services that refuse connections. */
const variants = new Map<string, RunningMobileBff>();
const cells: Cell[] = [];
const answers = new Map<string, Answer>();

beforeAll(async () => {
  const patience = { REQUEST_TIMEOUT_MS: '3000', PART_TIMEOUT_MS: '1000', RATE_LIMIT_PER_MINUTE: '10000' };
  const settings = { ...patience, SERVICE_MAX_RETRIES: '0', SERVICE_HEALTH_CHECK_MS: '0' };
  bff = await startTestApp(settings);
  const shipped = bff.sample.shipments.map(({ orderId }) => orderId);
  const ids = bff.sample.orders
    .filter(({ customerId, orderId }) => customerId === 'alice' && shipped.includes(orderId))
    .map(({ orderId }) => orderId);
  for (const order of fates) {
    for (const payment of fates) {
      for (const shipment of fates) cells.push({ order, payment, shipment, orderId: ids[cells.length]! });
    }
  }
  for (const cell of cells) {
    bff.services.orders.moods.set(cell.orderId, moods[cell.order]);
    bff.services.payments.moods.set(cell.orderId, moods[cell.payment]);
    bff.services.shipments.moods.set(cell.orderId, moods[cell.shipment]);
    const key = refusing(cell);
    if (variants.has(key)) continue;
    const [order, payment, shipment] = key.split(' ');
    const app = await startTestApp(
      {
        ...settings,
        ...(order === 'true' && { ORDER_SERVICE_URL: nobody }),
        ...(payment === 'true' && { PAYMENT_SERVICE_URL: nobody }),
        ...(shipment === 'true' && { SHIPPING_SERVICE_URL: nobody }),
      },
      undefined,
      bff,
    );
    await app.ask(complete, { variables: { id: ids.at(-1) } });
    variants.set(key, app);
  }
  const ask = async (cell: Cell) => {
    const accept = 'application/graphql-response+json';
    const app = variants.get(refusing(cell))!;
    answers.set(
      cell.orderId,
      await app.ask(screen, { variables: { id: cell.orderId }, headers: { accept } }),
    );
  };
  // All at once: most of them wait for a source that never answers.
  await Promise.all(cells.map(ask));
}, 60_000);
afterAll(async () => {
  for (const app of variants.values()) await app.close();
  await bff.close();
});

function refusing({ order, payment, shipment }: Cell): string {
  return [order, payment, shipment].map((fate) => String(fate === 'refused')).join(' ');
}

const table = fates.flatMap((order) =>
  fates.flatMap((payment) => fates.map((shipment) => [order, payment, shipment] as const)),
);

describe('an order of which source by source fails', () => {
  it('has 125 cells', () => {
    expect([table.length, cells.length, new Set(cells.map(({ orderId }) => orderId)).size]).toEqual([
      125, 125, 125,
    ]);
  });

  it.each(table)('order %s, payment %s, shipment %s', (order, payment, shipment) => {
    const cell = cells.find(
      (one) => one.order === order && one.payment === payment && one.shipment === shipment,
    )!;
    const { status, reason, headers, body, text } = answers.get(cell.orderId)!;
    expect(text).not.toMatch(inside);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    const faults =
      (body.errors as typeof body.errors | undefined)?.map(({ path, extensions }) => [
        path?.join('.'),
        extensions['code'],
      ]) ?? [];
    if (order !== 'ok') {
      expect([status, reason, body.data]).toEqual([294, 'Partial Success', { order: null }]);
      expect(faults).toEqual([['order', order === 'timeout' ? 'DEADLINE_EXCEEDED' : 'UPSTREAM_FAILED']]);
      return;
    }
    const missing = [['order.payment', payment] as const, ['order.shipment', shipment] as const].filter(
      ([, fate]) => fate !== 'ok',
    );
    expect([status, reason]).toEqual(missing.length === 0 ? [200, 'OK'] : [294, 'Partial Success']);
    expect(faults).toEqual(
      missing.map(([path, fate]) => [path, fate === 'timeout' ? 'SOURCE_TIMEOUT' : 'SOURCE_UNAVAILABLE']),
    );
    expect(body.data.order).toEqual({
      id: cell.orderId,
      payment: payment === 'ok' ? { status: expect.any(String) } : null,
      shipment: shipment === 'ok' ? { status: expect.any(String) } : null,
    });
  });
});
