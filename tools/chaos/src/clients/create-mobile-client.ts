import { createSubscriptions } from '../streams/open-subscription.ts';
import type { AskAddresses } from './ask-addresses.ts';
import type { Attempt } from './attempt.ts';
import { basket, cardToken, type Client, type ClientOptions } from './client.ts';
import { createHttpClient } from './http-request.ts';

const orderQuery =
  'query Order($id: ID!) { order(id: $id) { id status payment { status } shipment { status } } }';
const checkoutMutation =
  'mutation Checkout($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code message } } }';

interface Answer {
  data?: {
    order?: { id: string } | null;
    checkout?: { order: { id: string } | null; userErrors: { code: string }[] } | null;
  };
  errors?: { message: string; path?: unknown[]; extensions?: { code?: string } }[];
}

/** A phone at mobile-bff. Over GraphQL a failure stands in the body of a 200. */
export function createMobileClient(
  { addresses, readerToken, buyerToken }: ClientOptions,
  ask: AskAddresses,
): Client {
  const http = createHttpClient();
  const post = (token: string, query: string, variables: object) => ({
    method: 'POST' as const,
    path: '/graphql',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return {
    name: 'mobile',
    read: () =>
      ask({
        repeatable: true,
        send: (address) => http.send(address, post(readerToken, orderQuery, { id: 'ord_0001' }), readOrder),
      }),
    buy: (key) => {
      const input = { ...basket, paymentMethodToken: cardToken, idempotencyKey: key };
      return ask({
        repeatable: true,
        send: (address) => http.send(address, post(buyerToken, checkoutMutation, { input }), readPurchase),
      });
    },
    streams: createSubscriptions(addresses, buyerToken),
    close: () => http.close(),
  };
}

function readOrder(body: string): Attempt<string> {
  const { data, errors } = JSON.parse(body) as Answer;
  if (data?.order) return { kind: 'done', value: data.order.id, isPartial: errors !== undefined };
  return failure(errors, body);
}

function readPurchase(body: string): Attempt<string> {
  const { data, errors } = JSON.parse(body) as Answer;
  const order = data?.checkout?.order;
  if (order) return { kind: 'done', value: order.id };
  const [refusal] = data?.checkout?.userErrors ?? [];
  if (refusal?.code === 'IN_PROGRESS') return { kind: 'unclear', detail: refusal.code, retryAfterMs: 200 };
  return refusal ? { kind: 'refused', detail: refusal.code } : failure(errors, body);
}

const final = [
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'BAD_USER_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
];

function failure(errors: Answer['errors'], body: string): { kind: 'refused' | 'unclear'; detail: string } {
  const code = errors?.[0]?.extensions?.code ?? '';
  return { kind: final.includes(code) ? 'refused' : 'unclear', detail: body.slice(0, 200) };
}
