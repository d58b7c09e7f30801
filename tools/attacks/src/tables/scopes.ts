import type { TestTokenOptions } from '@bff/auth/testing';
import type { Attack, Outcome } from '../attack.ts';
import { exchangeGrpc } from '../wire/raw-grpc.ts';
import { sendHttp, sendJson } from '../wire/http-request.ts';
import type { Target } from '../world/target.ts';

type Needed = 'orders:read' | 'orders:write';

/** Tokens that are right in everything, of users who have not allowed their client this. */
const tokens: readonly [name: string, options: TestTokenOptions][] = [
  ['no scopes', { claims: { scope: undefined } }],
  ['an empty scope', { scope: '' }],
  ['none of the scopes', { scope: 'openid profile offline_access' }],
  ['scopes in other letters', { scope: 'ORDERS:READ ORDERS:WRITE' }],
  ['scopes that begin like them', { scope: 'orders orders:reads orders:write-nothing' }],
  ['scopes that end like them', { scope: 'no-orders:read no-orders:write' }],
  ['scopes for everything', { scope: '* orders:*' }],
  ['scopes with commas', { scope: 'orders:read,orders:write' }],
  ['scopes behind a line end', { scope: 'openid\norders:read\norders:write' }],
  ['scopes in a list', { claims: { scope: ['orders:read', 'orders:write'] } }],
  ['scopes in another claim', { claims: { scope: undefined, scp: ['orders:read', 'orders:write'] } }],
];
const readOnly: readonly [string, TestTokenOptions] = [
  'the scope that reads',
  { scope: 'openid orders:read' },
];
const writeOnly: readonly [string, TestTokenOptions] = [
  'the scope that writes',
  { scope: 'openid orders:write' },
];

type Send = (target: Target, token: TestTokenOptions) => Promise<Outcome>;
type Part = Pick<Attack, 'status' | 'check'> & Partial<Pick<Attack, 'servers' | 'notOn'>>;

/** Each of the tokens for what takes this scope, and the one that has only the other. */
function rowsOf(what: string, needed: Needed, send: Send, part: (needed: Needed) => Part): Attack[] {
  const other = needed === 'orders:read' ? writeOnly : readOnly;
  return [...tokens, other].map(([name, token]) => ({
    ...part(needed),
    name: `${what} with ${name}`,
    send: (target) => send(target, token),
  }));
}

const bearer = async (target: Target, token: TestTokenOptions) => `Bearer ${await target.token(token)}`;

const overHttp = (needed: Needed): Part => ({
  status: 403,
  check: ({ headers }) =>
    String(headers['www-authenticate']).endsWith(`error="insufficient_scope", scope="${needed}"`)
      ? undefined
      : 'the client is not told what it lacks',
});
/** Services ask whose resource it is; scopes are between a client and the BFF that it talks to. */
const withoutScopes = ['order-service', 'payment-service', 'shipping-service'];

const post: Send = async (target, token) => {
  const path = target.server === 'web-bff' ? '/v1/checkouts' : '/v1/orders';
  return sendJson(target, path, '{}', ['Idempotency-Key: scopes'], await bearer(target, token));
};

/** Of a REST API. */
export const scopes: readonly Attack[] = [
  ...rowsOf(
    'scope: reading',
    'orders:read',
    async (target, token) => sendHttp(target, { authorization: await bearer(target, token) }),
    (needed) => ({ ...overHttp(needed), notOn: [...withoutScopes, 'mobile-bff'] }),
  ),
  ...rowsOf(
    'scope: watching',
    'orders:read',
    async (target, token) =>
      sendHttp(target, {
        target: '/v1/orders/ord_0001/events',
        authorization: await bearer(target, token),
      }),
    (needed) => ({ ...overHttp(needed), servers: ['web-bff'] }),
  ),
  ...rowsOf('scope: writing', 'orders:write', post, (needed) => ({
    ...overHttp(needed),
    servers: ['api-gateway', 'web-bff'],
  })),
];

/** The field is refused, and the operation answered as a whole. */
const forbidden = (): Part => ({
  status: 200,
  check: ({ body }) => {
    const { errors = [] } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] };
    return errors.length === 1 && errors[0]?.extensions?.code === 'FORBIDDEN'
      ? undefined
      : `it is not forbidden: ${body.slice(0, 80)}`;
  },
});
const ask =
  (query: string): Send =>
  async (target, token) =>
    sendJson(target, '/graphql', JSON.stringify({ query }), [], await bearer(target, token));

export const graphqlScopes: readonly Attack[] = [
  ...rowsOf('graphql: reading', 'orders:read', ask('{ order(id: "ord_0001") { id } }'), forbidden),
  ...rowsOf(
    'graphql: writing',
    'orders:write',
    ask('mutation { cancelOrder(input: { idempotencyKey: "a", id: "ord_0001" }) { order { id } } }'),
    forbidden,
  ),
];

const denied = (): Part => ({ status: 7, notOn: [...withoutScopes, 'edge'] });
const onWearable = (): Part => ({ ...denied(), servers: ['wearable-bff'] });
const call =
  (method?: string): Send =>
  async (target, token) => {
    const path = method ? target.path.replace(/[^/]*$/, method) : target.path;
    const headers = { authorization: await bearer(target, token) };
    return exchangeGrpc(target.url, { path, headers });
  };

export const grpcScopes: readonly Attack[] = [
  ...rowsOf('grpc: reading', 'orders:read', call(), denied),
  ...rowsOf('grpc: watching', 'orders:read', call('WatchOrder'), onWearable),
  ...rowsOf('grpc: writing', 'orders:write', call('CancelOrder'), onWearable),
];
