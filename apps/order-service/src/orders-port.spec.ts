import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewOrder, OrdersPort } from '@bff/contracts';
import { callerContext, openTestPort, rejectionOf } from '@bff/service-kit/testing';
import { orderService } from './order-service.ts';

const line = { sku: 'MUG', name: 'Mug', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 1_100 } };
const valid: NewOrder = {
  lines: [line, { ...line, sku: 'LID', quantity: 3, unitPrice: { currency: 'EUR', minorUnits: 250 } }],
  shippingAddress: { recipient: 'A', street: 'Dam 1', postalCode: '1012', city: 'Amsterdam', country: 'NL' },
};

describe('orders', () => {
  let service: Awaited<ReturnType<typeof openTestPort<never, OrdersPort>>>;
  let port: OrdersPort;
  const scope = callerContext({ timeoutMs: 60_000 });
  beforeAll(async () => {
    service = (await openTestPort(orderService)) as never;
    ({ port } = service);
  });
  afterAll(async () => {
    scope.close();
    await service.close();
  });
  const create = (order: NewOrder) => port.create(order, scope.context);

  it('start pending, with the total of their lines', async () => {
    await expect(create(valid)).resolves.toMatchObject({
      status: 'pending',
      total: { currency: 'EUR', minorUnits: 2 * 1_100 + 3 * 250 },
      lines: valid.lines,
    });
  });

  it('go from pending to confirmed to cancelled, or straight to cancelled, and never back', async () => {
    const { orderId } = await create(valid);
    await expect(port.confirm({ orderId }, scope.context)).resolves.toMatchObject({ status: 'confirmed' });
    await expect(port.cancel({ orderId }, scope.context)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(port.cancel({ orderId }, scope.context)).resolves.toMatchObject({ status: 'cancelled' });
    const refusal = await rejectionOf(port.confirm({ orderId }, scope.context));
    expect(refusal).toMatchObject({
      code: 'failed_precondition',
      message: 'The order is cancelled; it cannot become confirmed.',
    });
    const other = await create(valid);
    await expect(port.cancel({ orderId: other.orderId }, scope.context)).resolves.toMatchObject({
      status: 'cancelled',
    });
  });

  it('are cancelled only in the revision that the caller has seen, if he says so', async () => {
    const { orderId, revision } = await create(valid);
    const confirmed = await port.confirm({ orderId }, scope.context);
    const refusal = await rejectionOf(port.cancel({ orderId, ifRevision: revision }, scope.context));
    expect(refusal.code).toBe('conflict');
    const expected = { orderId, ifRevision: confirmed.revision };
    await expect(port.cancel(expected, scope.context)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(port.cancel(expected, scope.context)).resolves.toMatchObject({ status: 'cancelled' });
  });

  it.each<[string, NewOrder, string[]]>([
    ['no lines', { ...valid, lines: [] }, ['lines']],
    ['101 lines', { ...valid, lines: Array(101).fill(line) }, ['lines']],
    ['quantity 0', { ...valid, lines: [{ ...line, quantity: 0 }] }, ['lines[0].quantity']],
    ['quantity 1000', { ...valid, lines: [line, { ...line, quantity: 1000 }] }, ['lines[1].quantity']],
    ['half a quantity', { ...valid, lines: [{ ...line, quantity: 1.5 }] }, ['lines[0].quantity']],
    [
      'a blank sku and a name of 201',
      { ...valid, lines: [{ ...line, sku: ' ', name: 'n'.repeat(201) }] },
      ['lines[0].sku', 'lines[0].name'],
    ],
    [
      'two currencies',
      { ...valid, lines: [line, { ...line, unitPrice: { currency: 'USD', minorUnits: 1 } }] },
      ['lines[1].unitPrice.currency'],
    ],
    [
      'a negative price',
      { ...valid, lines: [{ ...line, unitPrice: { currency: 'EUR', minorUnits: -1 } }] },
      ['lines[0].unitPrice.minorUnits'],
    ],
    [
      'no currency',
      { ...valid, lines: [{ ...line, unitPrice: { currency: '', minorUnits: 1 } }] },
      ['lines[0].unitPrice.currency'],
    ],
    [
      'an empty address',
      { ...valid, shippingAddress: { recipient: '', street: '', postalCode: '', city: '', country: '' } },
      ['recipient', 'street', 'postalCode', 'city', 'country'].map((field) => `shippingAddress.${field}`),
    ],
  ])('with %s are refused, each fault named', async (_, order, fields) => {
    const refusal = await rejectionOf(create(order));
    expect(refusal.code).toBe('invalid_argument');
    expect(refusal.faults.map(({ field }) => field)).toEqual(fields);
  });
});
