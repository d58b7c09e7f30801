import type { Attack } from '../attack.ts';
import { sendHttp, sendJson } from '../wire/http-request.ts';

const orders = '/v1/orders';
const json = ['Content-Type: application/json'];
const order = (members: object) =>
  JSON.stringify({
    lines: [{ sku: 'MUG', name: 'Mug', quantity: 1, unitPrice: { currency: 'EUR', minorUnits: '100' } }],
    shippingAddress: {
      recipient: 'A',
      street: 'B 1',
      postalCode: '1000 AA',
      city: 'C',
      country: 'NL',
    },
    ...members,
  });
const keyed = (key: string) => [`Idempotency-Key: ${key}`];

/** What the service that keeps the orders is asked with a right internal token. */
const service = ['order-service'];
const posts: readonly [name: string, body: string, status: number, lines?: readonly string[]][] = [
  ['malformed JSON', '{"lines":[', 400, keyed('a1')],
  ['an array', '[]', 400, keyed('a2')],
  ['a text', '"evil"', 400, keyed('a3')],
  ['null', 'null', 400, keyed('a4')],
  ['two documents', `${order({})}${order({})}`, 400, keyed('a5')],
  ['a form', 'lines=evil', 415, ['Content-Type: application/x-www-form-urlencoded', ...keyed('a6')]],
  ['text', order({}), 415, ['Content-Type: text/plain', ...keyed('a7')]],
  ['multipart', order({}), 415, ['Content-Type: multipart/form-data; boundary=x', ...keyed('a8')]],
  [
    'XML',
    '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    415,
    ['Content-Type: application/xml', ...keyed('a9')],
  ],
  ['an unknown compression', order({}), 415, [...json, 'Content-Encoding: evil', ...keyed('a10')]],
  [
    'an unknown character set',
    order({}),
    415,
    ['Content-Type: application/json; charset=evil', ...keyed('a11')],
  ],
  ['mass assignment: another customer', order({ customerId: 'mallory' }), 201, keyed('a12')],
  ['mass assignment: a state', order({ status: 'ORDER_STATUS_CONFIRMED' }), 201, keyed('a13')],
  ['mass assignment: a total', order({ total: { currency: 'EUR', minorUnits: '1' } }), 201, keyed('a14')],
  ['mass assignment: an id', order({ orderId: 'ord_0001' }), 201, keyed('a15')],
  ['__proto__', order({}).replace('{', '{"__proto__":{"customerId":"mallory"},'), 201, keyed('a16')],
  ['constructor', order({ constructor: { prototype: { evil: true } } }), 201, keyed('a17')],
  ['a negative quantity', order({}).replace('"quantity":1', '"quantity":-1'), 400, keyed('a18')],
  ['a quantity beyond numbers', order({}).replace('"quantity":1', '"quantity":1e999'), 400, keyed('a19')],
  ['a text for a number', order({}).replace('"quantity":1', '"quantity":{"$gt":0}'), 400, keyed('a20')],
  ['deep nesting', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400, keyed('a21')],
  ['a key with a line end in its encoding', order({}), 400, ['Idempotency-Key: \xe9evil']],
  ['a key of 300 characters', order({}), 400, keyed('k'.repeat(300))],
];

const gets: readonly [name: string, target: string, status: number, servers?: readonly string[]][] = [
  ['a negative page', `${orders}?pageSize=-1`, 400],
  ['a page token that was made up', `${orders}?pageToken=evil`, 400, service],
  ['a parameter that nobody knows', `${orders}?admin=true`, 400],
  ['a parameter given twice', `${orders}?pageSize=1&pageSize=2`, 400],
  ['a parameter that is an object', `${orders}?pageSize[$gt]=1`, 400],
  ['__proto__ in the query', `${orders}?__proto__=evil`, 400],
  ['an order that nobody has', `${orders}/ord_9999`, 404, service],
  ['SQL in an id', `${orders}/ord_0001'%20OR%20'1'='1`, 404, service],
  ['orders of another customer', `${orders}?customerId=bob`, 200, service],
];

export const rest: readonly Attack[] = [
  ...posts.map(([name, body, status, lines = []]): Attack => ({
    name: `rest: ${name}`,
    status,
    servers: service,
    send: (target) => sendJson(target, orders, body, lines),
    check: ({ body: answer }) =>
      status !== 201 || isPlainOrder(answer) ? undefined : 'the order has what the attacker gave it',
  })),
  {
    name: 'rest: an order of another user',
    status: 404,
    servers: service,
    async send(target) {
      const authorization = `Bearer ${await target.token({ sub: 'bob' })}`;
      const { body } = await sendHttp(target, { authorization, target: `${orders}?pageSize=1` });
      const [bobs] = (JSON.parse(body) as { orders: { orderId: string }[] }).orders;
      return sendHttp(target, { target: `${orders}/${bobs?.orderId ?? ''}` });
    },
  },
  {
    name: 'rest: a page of a billion',
    status: 200,
    servers: service,
    send: (target) => sendHttp(target, { target: `${orders}?pageSize=1000000000` }),
    check: ({ body }) =>
      (JSON.parse(body) as { orders: unknown[] }).orders.length <= 200 ? undefined : 'the page has no limit',
  },
  ...gets.map(([name, path, status, servers = ['web-bff', 'order-service']]): Attack => ({
    name: `rest: ${name}`,
    status,
    servers,
    send: (target) => sendHttp(target, { target: path }),
    check: ({ body }) => (/"customerId":"(?!alice)/.test(body) ? 'it tells of another user' : undefined),
  })),
  ...['PUT', 'DELETE', 'PATCH'].map((method): Attack => ({
    name: `rest: ${method} where only GET is`,
    status: ({ server }) => (server === 'api-gateway' || server === 'web-bff' ? 405 : 404),
    servers: ['api-gateway', 'web-bff', 'order-service'],
    send: (target) => sendHttp(target, { method }),
  })),
];

/** As the service makes it, whatever else was in the request. */
function isPlainOrder(body: string): boolean {
  const { order } = JSON.parse(body) as { order: { [name: string]: unknown; total: { minorUnits: string } } };
  return (
    order['customerId'] === 'alice' &&
    order['status'] === 'ORDER_STATUS_PENDING' &&
    order['orderId'] !== 'ord_0001' &&
    order.total.minorUnits === '100'
  );
}
