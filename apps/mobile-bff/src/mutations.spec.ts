import { describe, expect, it } from '@jest/globals';
import type { CheckoutRequest } from '@bff/aggregation';
import { AppError, type Context } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { createTestKit } from '@bff/server-kit/testing';
import { createDocumentPolicy } from './documents/document-policy.ts';
import { createQueryCache } from './documents/query-cache.ts';
import { createGraphqlServer } from './graphql/create-graphql-server.ts';
import type { GraphqlContext } from './graphql/graphql-context.ts';
import { createResolvers } from './resolvers/create-resolvers.ts';
import { createSchema } from './schema/create-schema.ts';
import { readSample } from './testing/sample.ts';

const { orders, payments, shipments } = readSample();
const order = orders.find(({ orderId }) => orderId === 'ord_0001')!;
const payment = payments.find(({ orderId }) => orderId === 'ord_0001')!;
const shipment = shipments.find(({ orderId }) => orderId === 'ord_0001')!;

const input = {
  idempotencyKey: 'key-1',
  lines: [{ sku: 'KTL', name: 'Kettle', quantity: 1, unitPrice: { minorUnits: 8950, currency: 'EUR' } }],
  shippingAddress: { recipient: 'A', street: 'B', postalCode: '1', city: 'C', country: 'NL' },
  paymentMethodToken: 'tok_visa',
};
const checkout = `mutation ($input: CheckoutInput!) {
  checkout(input: $input) { order { id payment { status } shipment { status } } userErrors { code message field } }
}`;
const cancel = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { id payment { id } shipment { id } } userErrors { code field } }
}`;

/** The engine over writes that are given: what they do is tested where they are. */
async function execute(
  write: (request: unknown, context: Context) => Promise<unknown>,
  query: string,
  variables: object,
) {
  const kit = createTestKit();
  const schema = createSchema(
    createResolvers({
      listOverviews: () => Promise.reject(new Error('not asked')),
      checkout: { checkout: write as never, cancelOrder: write as never },
      watchOrder: () => {
        throw new Error('not asked');
      },
    }),
  );
  const limits = { maxTokens: 1000, maxDepth: 10, maxAliases: 15, maxFields: 500, maxCost: 2000 };
  const server = await createGraphqlServer({
    schema,
    policy: createDocumentPolicy({ schema, isProduction: true, limits }),
    registered: undefined,
    queryCache: createQueryCache(1000),
    logger: kit.logger,
    isProduction: true,
  });
  const scope = openTestContext();
  const contextValue = { context: scope.context, orders: undefined } as unknown as GraphqlContext;
  const { body } = await server.executeOperation(
    { query, variables: { input: variables } },
    { contextValue },
  );
  scope.close();
  await server.stop();
  if (body.kind !== 'single') throw new Error('one answer was expected');
  // A plain copy: graphql's objects have no prototype.
  return JSON.parse(JSON.stringify(body.singleResult));
}

describe('checkout', () => {
  it('places the order under the key of the input and gives it with payment and shipment, without asking again', async () => {
    const seen: unknown[] = [];
    const answer = await execute(
      async (request, { idempotencyKey }) => {
        seen.push(request, idempotencyKey);
        return { order, payment, shipment, replayed: false };
      },
      checkout,
      input,
    );
    expect(answer).toEqual({
      data: {
        checkout: {
          order: {
            id: 'ord_0001',
            payment: { status: 'CAPTURED' },
            shipment: { status: 'IN_TRANSIT' },
          },
          userErrors: [],
        },
      },
    });
    const { lines, shippingAddress } = input;
    const request: CheckoutRequest = { lines, shippingAddress, methodToken: 'tok_visa' };
    expect(JSON.parse(JSON.stringify(seen))).toEqual([request, 'key-1']);
  });

  it.each([
    [
      new AppError('failed_precondition', 'The payment was declined.', {
        faults: [{ field: 'methodToken', message: 'was declined' }],
      }),
      { code: 'PAYMENT_DECLINED', message: 'The payment was declined.', field: 'paymentMethodToken' },
    ],
    [
      new AppError('invalid_argument', 'No.', {
        faults: [{ field: 'lines[0].quantity', message: 'must be positive' }],
      }),
      { code: 'INVALID_INPUT', message: 'lines[0].quantity must be positive.', field: 'lines[0].quantity' },
    ],
    [
      new AppError('idempotency_key_reused', 'This key was used.'),
      { code: 'IDEMPOTENCY_KEY_REUSED', message: 'This key was used.', field: null },
    ],
    [
      new AppError('conflict', 'It is under way.', { retryAfterMs: 500 }),
      { code: 'IN_PROGRESS', message: 'It is under way.', field: null },
    ],
  ])('tells a person what he can do something about: %s', async (error, expected) => {
    const answer = await execute(() => Promise.reject(error), checkout, input);
    expect(answer).toEqual({ data: { checkout: { order: null, userErrors: [expected] } } });
  });

  it.each([
    [new AppError('unavailable', 'Try again.'), 'UNAVAILABLE'],
    [new AppError('deadline_exceeded', 'Not decided yet.'), 'DEADLINE_EXCEEDED'],
    [new AppError('permission_denied', 'Not yours.'), 'FORBIDDEN'],
    [new Error('connect ECONNREFUSED journal.internal'), 'INTERNAL'],
  ])('leaves failures of the system to errors: %s', async (error, code) => {
    const answer = await execute(() => Promise.reject(error), checkout, input);
    expect(answer.data).toEqual({ checkout: null });
    expect(answer.errors[0]).toMatchObject({ path: ['checkout'], extensions: { code } });
    expect(JSON.stringify(answer)).not.toContain('internal:');
    expect(JSON.stringify(answer)).not.toContain('ECONN');
  });

  it.each([['', 'x'.repeat(256), 'ключ', 'a\nb']].flat())('refuses the key %j', async (idempotencyKey) => {
    const answer = await execute(() => Promise.reject(new Error('not asked')), checkout, {
      ...input,
      idempotencyKey,
    });
    expect(answer.data.checkout.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', field: 'idempotencyKey' },
    ]);
  });
});

describe('cancelOrder', () => {
  const cancelInput = { idempotencyKey: 'key-2', id: 'ord_0001' };

  it('gives the order as it is then; what it never had is null without an error', async () => {
    const answer = await execute(async () => ({ order, payment, shipment: null }), cancel, cancelInput);
    expect(answer.data.cancelOrder).toEqual({
      order: { id: 'ord_0001', payment: { id: 'pay_0001' }, shipment: null },
      userErrors: [],
    });
  });

  it.each([
    [new AppError('failed_precondition', 'The parcel is on its way.'), 'NOT_POSSIBLE'],
    [new AppError('not_found', 'There is no such order.'), 'NOT_FOUND'],
  ])('says why not: %s', async (error, code) => {
    const answer = await execute(() => Promise.reject(error), cancel, cancelInput);
    expect(answer.data.cancelOrder).toEqual({ order: null, userErrors: [{ code, field: null }] });
  });

  it('of an id that is no order’s asks nobody', async () => {
    const asked = () => Promise.reject(new Error('not asked'));
    const answer = await execute(asked, cancel, { ...cancelInput, id: 'pay_0001' });
    expect(answer.data.cancelOrder.userErrors).toEqual([{ code: 'NOT_FOUND', field: null }]);
  });
});
