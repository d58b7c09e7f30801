import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, readConfiguration } from '@bff/server-kit';
import { configuration } from './config.ts';
import { createQueryCache } from './documents/query-cache.ts';
import { codeOf } from './testing/answer.ts';
import { openRawEventStream } from './testing/raw-event-stream.ts';
import { openRawSocket } from './testing/raw-socket.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

const manifestUrl = new URL('./client/generated/operation-manifest.json', import.meta.url);
const manifest = readFileSync(manifestUrl, 'utf8');
const operations = JSON.parse(manifest).operations as { id: string; name: string; body: string }[];
const named = (name: string) => operations.find((operation) => operation.name === name)!;
const screen = named('OrderScreen');
const updates = named('OrderUpdates');
const variables = { id: 'ord_0001' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });

let bff: RunningMobileBff;
let strict: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
  strict = await startTestApp({ OPERATION_MANIFEST: manifest }, undefined, bff);
});
afterAll(async () => {
  await strict.close();
  await bff.close();
});

async function post(app: RunningMobileBff, body: object) {
  return app.fetch('/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${await bff.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function get(app: RunningMobileBff, parameters: Record<string, string>) {
  return app.fetch(`/graphql?${new URLSearchParams(parameters).toString()}`, {
    headers: { authorization: `Bearer ${await bff.token()}`, 'apollo-require-preflight': '1' },
  });
}

describe('an automatic persisted query', () => {
  const query = 'query { __typename order(id: "ord_0001") { id } }';

  it('is known by its hash once its text has been sent', async () => {
    const unknown = await post(bff, { extensions: byHash(sha256(query)) });
    expect([unknown.status, codeOf(unknown.body)]).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
    const registering = await post(bff, { query, extensions: byHash(sha256(query)) });
    expect(registering.body.data.order).toEqual({ id: 'ord_0001' });
    const known = await post(bff, { extensions: byHash(sha256(query)) });
    expect(known.body.data.order).toEqual({ id: 'ord_0001' });
    const byGet = await get(bff, { extensions: JSON.stringify(byHash(sha256(query))) });
    expect(byGet.body.data.order).toEqual({ id: 'ord_0001' });
  });

  it('is not taken for another one', async () => {
    const forged = await post(bff, { query: '{ __typename }', extensions: byHash(sha256(query)) });
    expect([forged.status, forged.body.data]).toEqual([400, undefined]);
  });

  it('serves subscriptions, too', async () => {
    const text = `${updates.body} `;
    const ask = async (reference: object) =>
      openRawEventStream(bff.url, await bff.token(), { variables, ...reference });
    const hash = { extensions: byHash(sha256(text)) };
    expect((await ask(hash)).status).toBe(400);
    expect((await ask({ query: updates.body, ...hash })).status).toBe(400);
    for (const reference of [{ query: text, ...hash }, hash]) {
      const stream = await ask(reference);
      expect((await stream.next())?.event).toBe('next');
      stream.leave();
    }
  });

  it('goes when there is no room, the one not used for longest first', async () => {
    const cache = createQueryCache(10);
    await cache.set('a', '12345');
    await cache.set('b', '12345');
    await cache.get('a');
    await cache.set('c', '12345');
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([
      '12345',
      undefined,
      '12345',
    ]);
    await cache.set('huge', 'x'.repeat(11));
    expect([await cache.get('huge'), await cache.get('a')]).toEqual([undefined, undefined]);
  });
});

describe('with a manifest of registered operations', () => {
  it.each<[string, object]>([
    ['its text', { query: screen.body }],
    ['its hash', { extensions: byHash(screen.id) }],
    ['its id', { documentId: `sha256:${screen.id}` }],
    ['text and hash', { query: screen.body, extensions: byHash(screen.id) }],
  ])('a registered one is answered by %s', async (_how, reference) => {
    const { status, body } = await post(strict, { ...reference, variables });
    expect([status, body.data.order.status]).toEqual([200, 'CONFIRMED']);
  });

  it('a registered one is answered over GET', async () => {
    for (const reference of [
      { query: screen.body },
      { extensions: JSON.stringify(byHash(screen.id)) },
      { documentId: screen.id },
    ]) {
      const { status, body } = await get(strict, { ...reference, variables: JSON.stringify(variables) });
      expect([status, body.data.order.status]).toEqual([200, 'CONFIRMED']);
    }
  });

  it.each<[string, object]>([
    ['any other text', { query: '{ __typename }' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['a registered text with a space more', { query: `${screen.body} ` }],
    ['no GraphQL at all', { query: '{' }],
    ['another text under a registered hash', { query: '{ __typename }', extensions: byHash(screen.id) }],
    ['another text under a registered id', { query: '{ __typename }', documentId: screen.id }],
    ['an unknown hash', { extensions: byHash('0'.repeat(64)) }],
    ['a name of every object', { documentId: '__proto__' }],
    ['an attempt to register', { query: '{ me { id } }', extensions: byHash(sha256('{ me { id } }')) }],
  ])('%s is refused, and nothing is fetched', async (_what, reference) => {
    bff.takeCalls();
    const { status, body, text } = await post(strict, { ...reference, variables });
    expect([status, codeOf(body), body.data]).toEqual([400, 'OPERATION_NOT_REGISTERED', undefined]);
    expect(text).not.toMatch(/__typename|apollo|Syntax/i);
    expect(bff.takeCalls()).toEqual([]);
  });

  it('what is no request of GraphQL is refused as elsewhere', async () => {
    for (const body of [{}, [], [{ query: screen.body }], { query: 7 }]) {
      expect((await post(strict, body)).status).toBe(400);
    }
    const twice = `/graphql?query=${encodeURIComponent(screen.body)}&query=%7B__typename%7D`;
    const headers = { authorization: `Bearer ${await bff.token()}`, 'apollo-require-preflight': '1' };
    const answered = await strict.fetch(`${twice}&variables=${JSON.stringify(variables)}`, { headers });
    // One of the two is what counts, and it is a registered one.
    expect([200, 400]).toContain(answered.status);
    expect(answered.body.data?.__typename).toBeUndefined();
  });

  it('subscriptions are held to it over both transports', async () => {
    const token = await bff.token();
    const stream = await openRawEventStream(strict.url, token, { variables, extensions: byHash(updates.id) });
    expect((await stream.next())?.event).toBe('next');
    stream.leave();
    const raw = await openRawSocket(strict.url);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await raw.next();
    const query = 'subscription { orderUpdated(id: "ord_0001") { cursor } }';
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await raw.next()).payload).toMatchObject([{ extensions: { code: 'OPERATION_NOT_REGISTERED' } }]);
    raw.send({ type: 'subscribe', id: '2', payload: { query: updates.body, variables } });
    expect((await raw.next()).type).toBe('next');
    raw.close();
  });

  it.each([
    ['{', 'must be an operation manifest'],
    [
      '{"format":"apollo-persisted-query-manifest","version":1,"operations":[]}',
      'must be an operation manifest',
    ],
    [manifest.replace(screen.id, '0'.repeat(64)), 'SHA-256'],
  ])('a process does not start with a wrong one', (text, message) => {
    const read = () => readConfiguration(configuration, { OPERATION_MANIFEST: text });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(message);
  });
});

describe('the cost of an operation', () => {
  const page = (first: number | string) =>
    `orders(first: ${first}) { edges { node { id payment { status amount { currency } } shipment { status } lines { sku } } } }`;

  it.each([
    ['a page of 100 with everything that a screen shows', `{ ${page(100)} }`],
    [
      'fifteen orders under aliases',
      `{ ${Array.from({ length: 15 }, (_, i) => `a${i}: order(id: "ord_0001") { id total { currency } }`).join(' ')} }`,
    ],
  ])('allows %s', async (_what, query) => {
    const { body } = await bff.ask(query);
    expect(body.errors).toBeUndefined();
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['three pages of 100', `{ a: ${page(100)} b: ${page(100)} c: ${page(100)} }`, {}],
    [
      'pages by a variable',
      `query ($n: Int) { a: ${page('$n')} b: ${page('$n')} c: ${page('$n')} }`,
      { n: 100 },
    ],
    [
      'pages by a variable’s default',
      `query ($n: Int = 100) { a: ${page('$n')} b: ${page('$n')} c: ${page('$n')} }`,
      {},
    ],
    [
      'pages in fragments',
      `{ ...p } fragment p on Query { a: ${page(100)} b: ${page(100)} c: ${page(100)} }`,
      {},
    ],
    [
      'more than the maximum, which counts as the maximum',
      `{ a: ${page(1e6)} b: ${page(1e6)} c: ${page(1e6)} }`,
      {},
    ],
  ])('refuses %s, and nothing is fetched', async (_what, query, given) => {
    bff.takeCalls();
    const { status, body } = await bff.ask(query, { variables: given });
    expect([status, codeOf(body)]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(body.errors[0]?.message).toMatch(/^The operation costs \d+ and may cost 2000;/);
    expect(bff.takeCalls()).toEqual([]);
  });
});
