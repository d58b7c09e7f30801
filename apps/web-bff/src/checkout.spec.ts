import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findImbalances, readBooks } from '@bff/aggregation/testing';
import { systemClock } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { createServices } from '@bff/upstream';
import { openBff } from './testing/open-test-bff.ts';
import { startRealServices } from './testing/real-services.ts';
import { sampleCheckout } from './testing/sample-checkout.ts';

let services: Awaited<ReturnType<typeof startRealServices>>;
let bff: Awaited<ReturnType<typeof openBff>>;
let direct: ReturnType<typeof createServices>;

// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  bff = await openBff({
    ...services.environment,
    RATE_LIMIT_PER_MINUTE: '100000',
    CONCURRENCY_MIN: '2000',
    MAX_CONNECTIONS_PER_ADDRESS: '2000',
    // A thousand at once take this process some seconds on a busy machine, which is not what is tested.
    REQUEST_TIMEOUT_MS: '25000',
    SERVICE_TIMEOUT_MS: '20000',
    CHECKOUT_STEP_TIMEOUT_MS: '20000',
  });
  direct = createServices({
    urls: {
      orders: services.environment['ORDER_SERVICE_URL']!,
      payments: services.environment['PAYMENT_SERVICE_URL']!,
      shipments: services.environment['SHIPPING_SERVICE_URL']!,
    },
    clock: systemClock,
    random: Math.random,
    internalToken: (principal, audience) => services.keys.token(audience, principal),
    timeoutMs: 5_000,
  });
}, 30_000);
afterAll(async () => {
  await Promise.all([bff.close(), direct.close()]);
  await services.close();
});

const post = (body: unknown, key: string) => bff.post('/v1/checkouts', body, { 'idempotency-key': key });

/** What alice has bought since: orders with their payments and shipments. */
async function booksSince(since: Date) {
  const scope = openTestContext({ timeoutMs: 10_000 });
  try {
    return await readBooks(direct.ports, scope.context, since);
  } finally {
    scope.close();
  }
}

describe('two instances that keep answers', () => {
  let instances: [writer: typeof bff, reader: typeof bff];
  beforeAll(async () => {
    const keeping = {
      ...services.environment,
      STATE_FILE: join(services.folder, 'kept-answers.db'),
      CACHE_FRESH_MS: '600000',
    };
    instances = await Promise.all([openBff(keeping), openBff(keeping)]);
  });
  afterAll(() => Promise.all(instances.map((instance) => instance.close())));

  const statusAt = async ({ get }: typeof bff, path: string) =>
    ((await (await get(path)).json()) as { status: string }).status;

  /** An order that the services have as cancelled, and `reader` not: the path where it shows what it kept. */
  async function placeKept([writer, reader]: typeof instances): Promise<string> {
    for (;;) {
      const headers = { 'idempotency-key': `kept-${performance.now()}` };
      const placed = await writer.post('/v1/checkouts', sampleCheckout, headers);
      const path = placed.headers.get('location')!;
      expect(await statusAt(reader, path)).toBe('confirmed');
      // Past every BFF.
      const { context, close } = openTestContext({ timeoutMs: 10_000 });
      await direct.ports.orders.cancel({ orderId: path.split('/').at(-1)! }, context);
      close();
      // The word of the checkout may come only after the first read, and takes that one's answer away: the next order, then.
      if ((await statusAt(reader, path)) === 'confirmed') return path;
    }
  }

  it('give none from before a write, whichever of them it went through', async () => {
    const [writer, reader] = instances;
    const path = await placeKept(instances);
    expect((await writer.post(`${path}:cancel`)).status).toBe(200);
    expect(await statusAt(writer, path)).toBe('cancelled');
    // The word of a write takes some milliseconds.
    while ((await statusAt(reader, path)) !== 'cancelled')
      await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('POST /v1/checkouts', () => {
  it('orders, pays and sends, and answers with the order page', async () => {
    const response = await post(sampleCheckout, 'first');
    const order = (await response.json()) as { orderId: string; payment: object };
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([201, 'false']);
    expect(order).toMatchObject({
      status: 'confirmed',
      total: { currency: 'EUR', minorUnits: 3_780 },
      payment: { status: 'captured', method: { brand: 'visa' } },
      shipment: { status: 'preparing' },
      meta: { sources: [] },
    });
    const shown = await bff.get(response.headers.get('location')!);
    expect(await shown.json()).toMatchObject({ orderId: order.orderId, payment: order.payment });
  });

  it('gives the same answer again for the same key, success or failure, and does nothing', async () => {
    const since = new Date();
    const declined = { ...sampleCheckout, methodToken: 'tok_declined' };
    for (const [body, key, status] of [
      [sampleCheckout, 'again', 201],
      [declined, 'declined', 409],
    ] as const) {
      const first = await post(body, key);
      const second = await post(body, key);
      expect([first.status, second.status]).toEqual([status, status]);
      const [one, other] = (await Promise.all([first.json(), second.json()])) as Record<string, unknown>[];
      const { requestId: _first, ...said } = one!;
      expect(other).toMatchObject(said);
      if (status === 201) expect(second.headers.get('idempotency-replayed')).toBe('true');
    }
    expect((await booksSince(since)).orders.map(({ status }) => status).sort()).toEqual([
      'cancelled',
      'confirmed',
    ]);
  });

  it('keeps the keys of one user apart from another’s', async () => {
    const authorization = `Bearer ${await bff.token({ sub: 'bob' })}`;
    const headers = { 'idempotency-key': 'again', authorization };
    const response = await bff.post('/v1/checkouts', sampleCheckout, headers);
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([201, 'false']);
  });

  it('names every fault of the request at once', async () => {
    const { lines, shippingAddress } = sampleCheckout;
    const wrong = {
      lines: [{ ...lines[0], quantity: 0, unitPrice: { currency: 'euro' } }, { sku: ' ' }],
      shippingAddress: { ...shippingAddress, country: 'Netherlands', planet: 'Earth' },
      discount: 1,
    };
    const response = await bff.post('/v1/checkouts?x=1', wrong);
    const { errors, code } = (await response.json()) as {
      code: string;
      errors: { field: string; message: string }[];
    };
    expect([response.status, code]).toEqual([400, 'invalid_argument']);
    expect(errors.map(({ field, message }) => `${field} ${message}`)).toEqual([
      'x is not a parameter here; there are none',
      'Idempotency-Key is required; use a new random value for every checkout, and the same one to repeat it',
      'lines[0].quantity must be at least 1',
      'lines[0].unitPrice.currency must be an ISO 4217 code, such as EUR',
      'lines[0].unitPrice.minorUnits must be a whole number',
      'lines[1].sku must not be empty',
      'lines[1].name is required',
      'lines[1].quantity must be a whole number',
      'lines[1].unitPrice is required',
      'shippingAddress.country must be an ISO 3166-1 alpha-2 code, such as NL',
      'shippingAddress.planet is not known here',
      'methodToken is required',
      'discount is not known here',
    ]);
  });

  it.each([
    ['no JSON', '{"lines": [', 'body is not a JSON object'],
    ['a list', '[]', 'body must be an object'],
  ])('says so when the body is %s', async (_name, body, fault) => {
    const response = await post(body, 'odd');
    const { errors } = (await response.json()) as { errors: { field: string; message: string }[] };
    expect([response.status, errors.map(({ field, message }) => `${field} ${message}`)]).toEqual([
      400,
      [fault],
    ]);
  });

  it('makes one order of a thousand posts with one key at the same time', async () => {
    const since = new Date();
    const authorization = `Bearer ${await bff.token()}`;
    const started = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const headers = { authorization, 'idempotency-key': 'thousand' };
        const response = await bff.post('/v1/checkouts', sampleCheckout, headers);
        const body = (await response.json()) as { orderId?: string; code?: string };
        return { ...body, status: response.status, again: response.headers.get('retry-after') };
      }),
    );
    const ms = Math.round(performance.now() - started);
    const placed = answers.filter(({ status }) => status === 201);
    const others = answers.filter(({ status }) => status !== 201);
    expect(new Set(placed.map(({ orderId }) => orderId)).size).toBe(1);
    expect(new Set(others.map(({ status, code, again }) => `${status} ${code!} ${again!}`))).toEqual(
      new Set(others.length > 0 ? ['409 conflict 1'] : []),
    );
    const books = await booksSince(since);
    expect([books.orders.length, books.payments.length, books.shipments.length]).toEqual([1, 1, 1]);
    expect(findImbalances(books)).toEqual([]);
    process.stdout.write(
      `1 000 posts with one key: ${placed.length} × 201, ${others.length} × 409, 1 order, ${ms} ms\n`,
    );
  }, 30_000);
});
