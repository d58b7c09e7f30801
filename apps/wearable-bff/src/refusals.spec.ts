import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestKeyPair } from '@bff/auth/testing';
import { healthOperations } from '@bff/contracts';
import { wearableOperations } from './handlers/wearable-operations.ts';
import { insideNames } from './testing/inside-names.ts';
import { startTestApp, type TestApp } from './testing/test-app.ts';

const { getOrderGlance, listOrderGlances } = wearableOperations;
const request = { orderId: 'ord_0001', view: 0 };

describe('a call without a right to it', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  const cases: [string, () => Promise<string | undefined>][] = [
    ['no token', () => Promise.resolve(undefined)],
    ['no scheme', async () => (await test.bearer()).slice('Bearer '.length)],
    ['another scheme', async () => (await test.bearer()).replace('Bearer', 'Basic')],
    ['no token after the scheme', () => Promise.resolve('Bearer')],
    ['a token that has expired', () => test.bearer({ expiresIn: -60 })],
    ['a token without an end', () => test.bearer({ claims: { exp: undefined } })],
    ['a token for another audience', () => test.bearer({ audience: 'urn:bff:mobile-bff' })],
    ['a token of another issuer', () => test.bearer({ issuer: 'http://elsewhere.test' })],
    ['a forged token', () => test.bearer({ key: createTestKeyPair().privateKey })],
    ['an ID token', () => test.bearer({ typ: 'JWT' })],
  ];
  it.each(cases)('is UNAUTHENTICATED: %s', async (_case, credentials) => {
    const authorization = await credentials();
    for (const failure of [
      await test.client.fail(getOrderGlance, request, { authorization }),
      await test.client.fail(listOrderGlances, { pageSize: 0, pageToken: '', view: 0 }, { authorization }),
    ]) {
      expect(failure).toMatchObject({ status: 'UNAUTHENTICATED', details: { code: 'unauthenticated' } });
      expect(failure.said).not.toMatch(insideNames);
    }
    expect(await test.countCalls()).toBe(0);
  });

  it('is not helped by an identity in other metadata', async () => {
    const metadata = { 'x-user-id': 'alice', 'x-forwarded-user': 'alice' };
    expect((await test.client.fail(getOrderGlance, request, { metadata })).status).toBe('UNAUTHENTICATED');
  });

  it('is answered with the request id that it came with', async () => {
    const metadata = { 'x-request-id': 'watch-4711' };
    expect((await test.client.fail(getOrderGlance, request, { metadata })).requestId).toBe('watch-4711');
  });

  it('is refused by its size, and the next one is served', async () => {
    const authorization = await test.bearer();
    const large = { orderId: 'x'.repeat(70_000), view: 0 };
    expect((await test.client.fail(getOrderGlance, large, { authorization })).status).toBe(
      'RESOURCE_EXHAUSTED',
    );
    await test.client.call(getOrderGlance, request, { authorization });
  });
});

describe('a user over the rate limit', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ environment: { RATE_LIMIT_PER_MINUTE: '3' } });
  });
  afterAll(() => test.close());

  it('is told when to come back, while other users and health are served', async () => {
    const alice = { authorization: await test.bearer() };
    for (let call = 1; call <= 3; call++) await test.client.call(getOrderGlance, request, alice);
    const failure = await test.client.fail(getOrderGlance, request, alice);
    expect(failure).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      details: { code: 'resource_exhausted' },
    });
    expect(failure.details?.retryAfterMs).toBeGreaterThan(0);
    expect(failure.details?.retryAfterMs).toBeLessThanOrEqual(60_000);
    const page = { pageSize: 1, pageToken: '', view: 0 };
    const sam = { authorization: await test.bearer({ sub: 'sam' }) };
    await test.client.call(listOrderGlances, page, sam);
    expect((await test.client.call(healthOperations.check, { service: '' })).response).toBe('serving');
  });
});
