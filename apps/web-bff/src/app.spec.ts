import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configurationTable } from '@bff/server-kit';
import { configuration } from './config.ts';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeEach(async () => {
  bff = await openTestBff({ RATE_LIMIT_PER_MINUTE: '4', RATE_LIMIT_INSTANCES: '2' });
});
afterEach(() => bff.close());

describe('authentication', () => {
  it.each([
    ['missing', undefined],
    ['expired', () => bff.token({ expiresIn: -120 })],
    ['for another audience', () => bff.token({ audience: 'urn:bff:mobile-bff' })],
    ['of another issuer', () => bff.token({ issuer: 'http://elsewhere.test' })],
    ['an ID token', () => bff.token({ typ: 'JWT' })],
  ])('answers 401 when the token is %s', async (_name, makeToken) => {
    const headers: Record<string, string> = makeToken ? { authorization: `Bearer ${await makeToken()}` } : {};
    for (const path of ['/v1/orders/ord_0001', '/v1/orders', '/v1/me', '/v1/nothing']) {
      const response = await fetch(bff.url + path, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
    }
    expect(bff.orders.calls).toEqual([]);
  });
});

describe('GET /v1/me', () => {
  it('says who the caller is', async () => {
    const authorization = `Bearer ${await bff.token({ sub: 'sam', roles: ['support'] })}`;
    const response = await bff.get('/v1/me', { authorization });
    expect(await response.json()).toEqual({ subject: 'sam', roles: ['support'] });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('rate limit', () => {
  it('refuses what is over the user’s share, and another user is served', async () => {
    const first = await bff.get('/v1/me');
    expect(first.headers.get('ratelimit')).toMatch(/^"user";r=1;t=\d+,/);
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"user";q=2;w=60,/);
    await bff.get('/v1/me');
    const over = await bff.get('/v1/me');
    expect(over.status).toBe(429);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(over.headers.get('ratelimit')).toMatch(/^"user";r=0;/);
    expect(await over.json()).toMatchObject({ code: 'resource_exhausted' });
    const authorization = `Bearer ${await bff.token({ sub: 'bob' })}`;
    expect((await bff.get('/v1/me', { authorization })).status).toBe(200);
  });
});

describe('the process', () => {
  it('shows the instances of its upstreams', () => {
    expect(bff.info()).toMatchObject({
      upstreams: { 'order-service': [{ url: bff.orders.url, state: 'available', pending: 0 }] },
    });
  });

  it('says what there is not', async () => {
    const response = await fetch(`${bff.url}/nowhere`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not_found']);
  });
});

describe('README', () => {
  it('lists every configuration variable', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = /<!-- configuration -->\n\n([\s\S]*?)\n\n<!-- \/configuration -->/.exec(readme)?.[1] ?? '';
    const rows = (text: string) =>
      text.split('\n').map((row) => row.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-'));
    expect(rows(table)).toEqual(rows(configurationTable(configuration)));
  });
});
