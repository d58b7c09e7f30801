import type { Attack } from '../attack.ts';
import { sendHttp, sendJson, type HttpRequest } from '../wire/http-request.ts';

const path = '/graphql';
/** A client that does not trust the way there wants 200 for everything well-formed; this one wants to know. */
const accepts = ['Accept: application/graphql-response+json'];
const order = 'order(id: "ord_0001")';
const asBody = (query: string, more: object = {}) => JSON.stringify({ query, ...more });

/** Fragments that spread the next one twice stand for 2ⁿ fields. */
function bomb(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment f${level} on Order { ...f${level + 1} ...f${level + 1} }`,
  );
  return `{ ${order} { ...f0 } } ${fragments.join(' ')} fragment f${levels} on Order { id }`;
}

function aliases(count: number, field: string): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ')} }`;
}

/** Documents that are refused before anything is done for them. */
export const documents: readonly [name: string, query: string][] = [
  ['introspection', '{ __schema { types { name fields { name } } } }'],
  ['introspection of a type', '{ __type(name: "Order") { name fields { name } } }'],
  ['introspection in a fragment', '{ ...f } fragment f on Query { __schema { queryType { name } } }'],
  ['25 levels', `{ ${order} ${'{ lines '.repeat(25)}{ sku } ${'}'.repeat(25)} }`],
  ['1000 aliases', aliases(1_000, `${order} { id }`)],
  ['16 aliases', aliases(16, `${order} { id }`)],
  ['16 aliases of the type', aliases(16, '__typename')],
  ['a bomb of 25 levels', bomb(25)],
  ['a bomb of 12 levels', bomb(12)],
  ['fragments in a cycle', `{ ${order} { ...a } } fragment a on Order { ...b } fragment b on Order { ...a }`],
  ['a fragment that spreads itself', `{ ${order} { ...a } } fragment a on Order { ...a }`],
  ['600 fields', `{ ${order} { ${'id '.repeat(600)} } }`],
  ['5000 tokens', `{ ${'__typename '.repeat(5_000)} }`],
  ['500 directives', `{ __typename ${'@skip(if: false) '.repeat(500)} }`],
  ['a directive that nobody knows', '{ __typename @evil }'],
  ['deep lists in a value', `{ order(id: ${'['.repeat(400)}${']'.repeat(400)}) { id } }`],
  ['100 operations', Array.from({ length: 100 }, (_, index) => `query q${index} { __typename }`).join(' ')],
  ['a field that nobody has', `{ ${order} { password } }`],
  ['no operation', 'fragment a on Order { id }'],
  ['nothing', ''],
  ['no GraphQL', '{ evil'],
  ['a mutation that nobody has', 'mutation { evil }'],
];

const bodies: readonly [name: string, body: string, status: number, lines?: readonly string[]][] = [
  ['a form', 'query=%7B__typename%7D', 415, ['Content-Type: application/x-www-form-urlencoded']],
  ['text', asBody('{ __typename }'), 415, ['Content-Type: text/plain']],
  [
    'multipart',
    '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }"}\r\n--x--',
    415,
    ['Content-Type: multipart/form-data; boundary=x'],
  ],
  ['no content type that exists', asBody('{ __typename }'), 415, ['Content-Type: application/graphql']],
  ['a batch', JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]), 400],
  ['an empty batch', '[]', 400],
  ['malformed JSON', '{"query":', 400],
  ['a query that is an object', '{"query":{"evil":1}}', 400],
  ['variables that are a list', asBody('{ __typename }', { variables: [1] }), 400],
  [
    '__proto__ as variables',
    '{"query":"query($a: ID!) { order(id: $a) { id } }","variables":{"__proto__":{"a":"ord_0001"}}}',
    400,
  ],
  ['a name that no operation has', asBody('query a { __typename }', { operationName: 'evil' }), 400],
  [
    'a hash that is none',
    JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'evil' } } }),
    200,
  ],
  [
    'a hash of another text',
    asBody('{ __typename }', { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }),
    400,
  ],
];

const requests: readonly [name: string, request: HttpRequest, status: number][] = [
  ['a mutation by GET', { target: `${path}?query=mutation%20%7B%20evil%20%7D` }, 400],
  ['PUT', { method: 'PUT', target: path, lines: ['Content-Length: 0'] }, 405],
];

export const graphql: readonly Attack[] = [
  ...documents.map(([name, query]): Attack => ({
    name: `graphql: ${name}`,
    status: 400,
    send: (target) => sendJson(target, path, asBody(query), accepts),
  })),
  ...bodies.map(([name, body, status, lines = []]): Attack => ({
    name: `graphql: ${name}`,
    status,
    send: (target) => sendJson(target, path, body, [...accepts, ...lines]),
  })),
  ...requests.map(([name, request, status]): Attack => ({
    name: `graphql: ${name}`,
    status,
    send: (target) => sendHttp(target, { ...request, lines: [...accepts, ...(request.lines ?? [])] }),
  })),
  {
    name: 'graphql: a query by GET that a page of another site could ask',
    status: 400,
    // Without the header that makes a browser ask first.
    send: (target) => sendHttp({ ...target, extraHeaders: '' }, { target: `${path}?query=%7B__typename%7D` }),
  },
];
