import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestKeyPair, type TestTokenOptions } from '@bff/auth/testing';
import { codeOf } from './testing/answer.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterAll(() => bff.close());

const screen = '{ order(id: "ord_0001") { id } }';

describe('an access token', () => {
  it('is required', async () => {
    const { status, headers, body } = await bff.ask(screen, { token: null });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="bff"');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      errors: [{ message: 'An access token is required.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it.each<[string, TestTokenOptions]>([
    ['has expired', { expiresIn: -120 }],
    ['is for another audience', { audience: 'urn:bff:web-bff' }],
    ['is from another issuer', { issuer: 'http://elsewhere.test' }],
    ['is signed by somebody else', { key: createTestKeyPair().privateKey }],
  ])('is refused when it %s', async (_why, options) => {
    bff.takeCalls();
    const { status, headers, body } = await bff.ask(screen, {
      token: await bff.token(options),
      headers: { accept: 'application/graphql-response+json' },
    });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="bff", error="invalid_token"');
    expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(body.errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(bff.takeCalls()).toEqual([]);
  });

  it('of another user finds no order', async () => {
    const token = await bff.token({ sub: 'bob' });
    const { status, body } = await bff.ask(
      '{ order(id: "ord_0001") { id } node(id: "ord_0001") { id } mine: node(id: "pay_0001") { id } }',
      { token },
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({ order: null, node: null, mine: null });
    expect(body.errors).toHaveLength(3);
    for (const error of body.errors) expect(error.extensions).toEqual({ code: 'NOT_FOUND' });
  });
});

describe('an id that is no order’s', () => {
  it.each(['pay_0001', '', '..', '../ord_0001', 'ord_0001/x', 'ord_é', 'x'.repeat(5000)])(
    'is not found, and no service is asked: %s',
    async (id) => {
      bff.takeCalls();
      const query = 'query($id: ID!) { order(id: $id) { id } node(id: $id) { id } }';
      const { body } = await bff.ask(query, { variables: { id } });
      expect(body.data).toEqual({ order: null, node: null });
      expect(body.errors.map(({ extensions }) => extensions)).toEqual([
        { code: 'NOT_FOUND' },
        { code: 'NOT_FOUND' },
      ]);
      expect(bff.takeCalls()).toEqual([]);
    },
  );
});

describe('without the issuer’s keys', () => {
  it('answers 503 and does not blame the token', async () => {
    const stranded = await startTestApp({ ISSUER_JWKS_URL: 'http://127.0.0.1:9/jwks' });
    const { status, headers, text, body } = await stranded.ask(screen);
    await stranded.close();
    expect([status, body.errors[0]?.extensions]).toEqual([503, { code: 'UNAVAILABLE' }]);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(text).not.toMatch(/127\.0\.0\.1|jwks/i);
  });
});

describe('the HTTP side', () => {
  const post = async (body: string | Buffer, headers: Record<string, string> = {}) =>
    bff.fetch('/graphql', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await bff.token()}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: body as string,
    });

  it('answers a query over GET with the header against forged requests, and refuses it without', async () => {
    const path = `/graphql?query=${encodeURIComponent(screen)}`;
    const authorization = `Bearer ${await bff.token()}`;
    const good = await bff.fetch(path, { headers: { authorization, 'apollo-require-preflight': '1' } });
    expect([good.status, good.body]).toEqual([200, { data: { order: { id: 'ord_0001' } } }]);
    const forged = await bff.fetch(path, { headers: { authorization } });
    expect([forged.status, codeOf(forged.body)]).toEqual([400, 'BAD_REQUEST']);
    const page = await bff.fetch('/graphql', { headers: { authorization, accept: 'text/html' } });
    expect([page.status, page.text.includes('<')]).toEqual([400, false]);
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
  ])('refuses a body of %s', async (type, status) => {
    const refused = await post(JSON.stringify({ query: screen }), { 'content-type': type });
    expect([refused.status, codeOf(refused.body)]).toEqual([status, 'BAD_REQUEST']);
  });

  it.each<[string, string | Buffer, number, string]>([
    ['no JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['no query', '{"qeury":"{ __typename }"}', 400, 'BAD_REQUEST'],
    ['a batch', JSON.stringify([{ query: screen }, { query: screen }]), 400, 'BAD_REQUEST'],
    ['variables that are a list', JSON.stringify({ query: screen, variables: [7] }), 400, 'BAD_REQUEST'],
    ['a syntax error', JSON.stringify({ query: '{ order(' }), 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', JSON.stringify({ query: '{ user { id } }' }), 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a missing variable',
      JSON.stringify({ query: 'query($i: ID!) { order(id: $i) { id } }' }),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'two operations and no name',
      JSON.stringify({ query: 'query a { __typename } query b { __typename }' }),
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'more than 100 KB',
      JSON.stringify({ query: screen, variables: { x: 'x'.repeat(103_000) } }),
      413,
      'BAD_REQUEST',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const refused = await post(body, { accept: 'application/graphql-response+json' });
    expect([refused.status, codeOf(refused.body)]).toEqual([status, code]);
    expect(refused.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(refused.text).not.toMatch(/apollo server|body-parser|node_modules/i);
    expect(refused.body.errors[0]?.extensions['stacktrace']).toBeUndefined();
  });

  it.each([
    ['{ order(', 'GRAPHQL_PARSE_FAILED'],
    ['{ user { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query($i: ID!) { order(id: $i) { id } }', 'BAD_USER_INPUT'],
    ['query a { __typename } query b { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('answers a wrong document with 200 to a client of application/json: %s', async (query, code) => {
    const { status, body } = await post(JSON.stringify({ query }), { accept: 'application/json' });
    expect([status, codeOf(body), body.data]).toEqual([200, code, undefined]);
  });

  it('serves GET and POST alone', async () => {
    const headers = { authorization: `Bearer ${await bff.token()}`, 'content-type': 'application/json' };
    const refused = await bff.fetch('/graphql', { method: 'PUT', headers, body: '{"query":"{ id }"}' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(refused.text).not.toMatch(/apollo/i);
  });

  it('keeps the request’s id, and marks every answer as not to be stored', async () => {
    const { headers } = await bff.ask(screen, { headers: { 'x-request-id': 'phone-17' } });
    expect([headers.get('x-request-id'), headers.get('cache-control')]).toEqual(['phone-17', 'no-store']);
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('the rate limit', () => {
  it('counts each user apart and answers 429 with the standard headers', async () => {
    const limited = await startTestApp({ RATE_LIMIT_PER_MINUTE: '2' });
    try {
      const first = await limited.ask(screen);
      expect(first.headers.get('ratelimit')).toMatch(/^"user";r=1;t=\d+/);
      await limited.ask(screen);
      const { status, headers, body } = await limited.ask(screen);
      expect(status).toBe(429);
      expect(headers.get('ratelimit')).toMatch(/^"user";r=0;t=\d+/);
      expect(headers.get('ratelimit-policy')).toMatch(/^"user";q=2;w=60/);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body).toEqual({
        errors: [
          { message: 'Too many requests; try again later.', extensions: { code: 'RESOURCE_EXHAUSTED' } },
        ],
      });
      const other = await limited.ask(screen, { token: await limited.token({ sub: 'bob' }) });
      expect(other.status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
