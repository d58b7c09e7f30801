import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testCallers, type TestCaller } from '@bff/auth/testing';
import type { Context, Principal } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { graphql } from 'graphql';
import { authorisation } from './authorisation.ts';
import { authoriseFields } from './graphql/authorise-fields.ts';
import type { GraphqlContext } from './graphql/graphql-context.ts';
import { createSchema } from './schema/create-schema.ts';
import type { GraphqlBody } from './testing/answer.ts';
import { watchBySocket } from './testing/raw-socket.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp({ RATE_LIMIT_PER_MINUTE: '1000' });
});
afterAll(() => bff.close());
beforeEach(() => {
  bff.takeCalls();
});

const input = `idempotencyKey: "row", lines: [{ sku: "TEA-1", name: "Tea", quantity: 1, unitPrice: { minorUnits: 100, currency: "EUR" } }],
  shippingAddress: { recipient: "A", street: "B 1", postalCode: "1", city: "C", country: "NL" }, paymentMethodToken: "tok_visa"`;

const operations: Record<keyof typeof authorisation, string> = {
  'Query.me': '{ me { id } }',
  'Query.node': '{ node(id: "ord_0001") { id } }',
  'Query.order': '{ order(id: "ord_0001") { id } }',
  'Query.orders': '{ orders(first: 1) { edges { node { id } } } }',
  'Mutation.checkout': `mutation { checkout(input: { ${input} }) { order { id } } }`,
  'Mutation.cancelOrder':
    'mutation { cancelOrder(input: { idempotencyKey: "row", id: "ord_0001" }) { order { id } } }',
  'Subscription.orderUpdated': 'subscription { orderUpdated(id: "ord_0001") { cursor } }',
};

/** `data` and no error, the code of the error, or for writes what the fakes can tell: that the row let them through. */
type Outcome = 'data' | 'through' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND';

const always = { nobody: 'UNAUTHENTICATED', otherAudience: 'UNAUTHENTICATED', noScope: 'FORBIDDEN' } as const;
const read = { ...always, readScope: 'data', writeScope: 'FORBIDDEN', alice: 'data' } as const;
const write = { ...always, readScope: 'FORBIDDEN', writeScope: 'through', alice: 'through' } as const;
const own = { ...read, bob: 'NOT_FOUND' } as const;

const expected: Record<keyof typeof authorisation, Record<TestCaller, Outcome>> = {
  'Query.me': { ...read, noScope: 'data', writeScope: 'data', bob: 'data', support: 'data' },
  'Query.node': { ...own, support: 'data' },
  'Query.order': { ...own, support: 'data' },
  'Query.orders': { ...read, bob: 'data', support: 'data' },
  'Mutation.checkout': { ...write, bob: 'through', support: 'through' },
  'Mutation.cancelOrder': { ...write, bob: 'through', support: 'through' },
  'Subscription.orderUpdated': { ...own, support: 'data' },
};

const rows = Object.entries(expected).flatMap(([field, outcomes]) =>
  Object.entries(outcomes).map(
    ([caller, outcome]) => [field as keyof typeof authorisation, caller as TestCaller, outcome] as const,
  ),
);

let keyed = 0;

/** The first result, over whatever the operation comes over. */
async function ask(field: keyof typeof authorisation, token: string | null): Promise<GraphqlBody> {
  const query = operations[field].replace('"row"', `"row-${++keyed}"`);
  if (!field.startsWith('Subscription.')) return (await bff.ask(query, { token })).body;
  const response = await fetch(`${bff.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  if (response.headers.get('content-type')?.startsWith('application/json')) {
    return (await response.json()) as GraphqlBody;
  }
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, data] = /^data: (.+)\n/m.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data) as GraphqlBody;
  }
  throw new Error(`no result in ${text}`);
}

function outcomeOf({ errors }: Partial<GraphqlBody>): unknown {
  return errors?.[0]?.extensions['code'] ?? 'data';
}

describe('the authorisation of mobile-bff', () => {
  it.each(rows)('%s by %s: %s', async (field, caller, outcome) => {
    const token = testCallers[caller];
    const body = await ask(field, token ? await bff.token(token) : null);
    if (outcome === 'through') {
      expect(['UNAUTHENTICATED', 'FORBIDDEN']).not.toContain(outcomeOf(body));
      expect(bff.takeCalls().length).toBeGreaterThan(0);
      // Another's order: the services decide that.
      if (field === 'Mutation.cancelOrder' && !caller.match(/alice|Scope/)) {
        expect(body.data.cancelOrder).toEqual({ order: null });
      }
      return;
    }
    expect(outcomeOf(body)).toBe(outcome);
    if (outcome === 'data' || outcome === 'NOT_FOUND') return;
    expect(bff.takeCalls()).toEqual([]);
    if (outcome === 'UNAUTHENTICATED') return;
    const message = `The access token must have the scope ${authorisation[field].scope}.`;
    expect(body.errors).toEqual([
      { message, path: [field.split('.')[1]], extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it.each([
    ['noScope', 'FORBIDDEN'],
    ['writeScope', 'FORBIDDEN'],
    ['bob', 'NOT_FOUND'],
    ['support', undefined],
  ] as const)('Subscription.orderUpdated over a WebSocket by %s: %s', async (caller, code) => {
    const socket = await watchBySocket(bff.url, await bff.token(testCallers[caller]), { id: 'ord_0001' });
    const { type, payload } = await socket.next();
    const errors: GraphqlBody['errors'] | undefined = type === 'error' ? payload : payload.errors;
    expect(errors?.[0]?.extensions['code']).toBe(code);
    socket.close();
    await socket.closed;
  });

  it('refuses each field at its own path, and answers those beside it', async () => {
    const token = await bff.token(testCallers.noScope);
    const { body } = await bff.ask(
      '{ me { id } a: order(id: "ord_0001") { id } ...F } fragment F on Query { b: order(id: "ord_0002") { id } }',
      { token },
    );
    expect(body.data).toEqual({ me: { id: 'alice' }, a: null, b: null });
    expect(body.errors.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['a'], 'FORBIDDEN'],
      [['b'], 'FORBIDDEN'],
    ]);
    expect(bff.takeCalls()).toEqual([]);
  });
});

describe('authoriseFields', () => {
  const createContext = (context: Context): GraphqlContext =>
    ({ context, orders: undefined }) as unknown as GraphqlContext;
  const schemaFor = (
    table: Parameters<typeof authoriseFields>[1],
    me = (_principal: Principal): void => {},
  ) =>
    authoriseFields(
      createSchema({
        Query: {
          me(_root, _none, { context: { principal } }) {
            me(principal!);
            return { id: principal!.subject, isSupport: false };
          },
        },
      }),
      table,
      createContext,
    );

  it('takes the table that has a row for every root field of the schema, and no other', () => {
    expect(() => schemaFor(authorisation)).not.toThrow();
    const { 'Mutation.checkout': _gone, ...rest } = authorisation;
    expect(() => schemaFor(rest)).toThrow('lacks rows for [Mutation.checkout]');
    expect(() => schemaFor({ ...authorisation, 'Query.user': { user: 'own' } })).toThrow(
      'some for nothing: [Query.user]',
    );
  });

  it('runs a resolver as whom the row makes of the caller', async () => {
    const seen: Principal[] = [];
    const schema = schemaFor(authorisation, (principal) => void seen.push(principal));
    const principal = { subject: 'sam', client: 'test', scopes: [], roles: ['courier', 'support'] };
    const scope = openTestContext({ principal });
    const contextValue = createContext(scope.context);
    const { errors } = await graphql({ schema, source: '{ me { id } }', contextValue });
    scope.close();
    expect([errors, seen]).toEqual([undefined, [{ ...principal, roles: ['support'] }]]);
  });
});
