import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runProvider, type RunningProvider } from './testing/running-provider.ts';

const printed = (['log', 'info', 'warn', 'error'] as const).map((level) => jest.spyOn(console, level));
let provider: RunningProvider;

beforeAll(async () => {
  provider = await runProvider();
});
afterAll(() => provider.close());

/** The claims of a token that need no checking. */
function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

async function postToken(
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${provider.url}/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('signing in', () => {
  it.each([
    ['mobile', 'urn:bff:mobile-bff'],
    ['mobile', 'urn:bff:api-gateway'],
    ['web', 'urn:bff:web-bff'],
    ['web', 'urn:bff:api-gateway'],
    ['wearable', 'urn:bff:wearable-bff'],
    ['wearable', 'urn:bff:api-gateway'],
  ] as const)('at %s gives a token for %s, which verifies', async (client, audience) => {
    const token = await provider.obtain({ client, audience });
    expect(token.expiresIn).toBe(900);
    expect(token.refreshToken).toEqual(expect.any(String));
    expect(claimsOf(token.idToken ?? '')).toMatchObject({ sub: 'alice', aud: client, iss: provider.url });
    const principal = await provider.verifierFor(audience).verify(token.accessToken);
    expect(principal).toMatchObject({ subject: 'alice', client, roles: [] });
    expect(principal.scopes).toEqual(expect.arrayContaining(['orders:read', 'orders:write']));
  });

  it.each([
    ['bob', []],
    ['carol', []],
    ['sam', ['support']],
  ])('as %s gives the roles %j', async (user, roles) => {
    const { accessToken } = await provider.obtain({ user });
    const verifier = provider.verifierFor('urn:bff:mobile-bff');
    expect(await verifier.verify(accessToken)).toMatchObject({ subject: user, roles });
  });

  it.each([
    ['a wrong password', { password: 'Password' }],
    ['an unknown user', { user: 'mallory' }],
  ])('with %s is refused, the same way', async (_circumstance, wrong) => {
    for (const client of ['mobile', 'wearable'] as const) {
      const audience = `urn:bff:${client}-bff`;
      const attempt = provider.obtain({ client, audience, ...wrong });
      await expect(attempt).rejects.toThrow('The user name or the password is wrong.');
    }
  });

  it.each([
    ['mobile', 'urn:bff:web-bff'],
    ['mobile', 'urn:bff:wearable-bff'],
    ['web', 'urn:bff:mobile-bff'],
    ['wearable', 'urn:bff:mobile-bff'],
    ['wearable', 'urn:bff:order-service'],
    ['mobile', 'not a URI'],
  ] as const)('at %s for %s is refused', async (client, audience) => {
    await expect(provider.obtain({ client, audience })).rejects.toThrow(/resource/);
  });

  it('at web needs the client’s secret', async () => {
    const attempt = provider.obtain({ client: 'web', audience: 'urn:bff:web-bff', clientSecret: 'wrong' });
    await expect(attempt).rejects.toThrow(/client authentication failed/);
  });

  it('grants only the scopes that were asked for', async () => {
    const token = await provider.obtain({ scope: 'openid orders:read' });
    expect(token).not.toHaveProperty('refreshToken');
    expect(claimsOf(token.accessToken)['scope']).toBe('orders:read');
  });
});

describe('refreshing', () => {
  it('gives a new token for the same resource, once for each refresh token', async () => {
    const { refreshToken = '' } = await provider.obtain();
    const form = { grant_type: 'refresh_token', client_id: 'mobile', refresh_token: refreshToken };
    const { status, body } = await postToken(form);
    expect(status).toBe(200);
    expect(body['refresh_token']).not.toBe(refreshToken);
    const verifier = provider.verifierFor('urn:bff:mobile-bff');
    expect(await verifier.verify(String(body['access_token']))).toMatchObject({ subject: 'alice' });

    expect(await postToken(form)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const stolen = { ...form, refresh_token: String(body['refresh_token']) };
    expect(await postToken(stolen)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('an authorization request', () => {
  const right = {
    client_id: 'mobile',
    response_type: 'code',
    redirect_uri: 'com.example.shop:/callback',
    scope: 'openid',
    state: 's',
    resource: 'urn:bff:mobile-bff',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  };
  const request = (changes: Partial<Record<keyof typeof right, string | null>>) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...right, ...changes }))
      if (value !== null) query.set(name, value);
    return fetch(`${provider.url}/auth?${query.toString()}`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
  };

  it('leads to the sign-in page', async () => {
    expect((await request({})).headers.get('location')).toMatch(/^\/interaction\//);
  });

  it.each([
    ['without a code challenge', { code_challenge: null, code_challenge_method: null }],
    ['with a plain code challenge', { code_challenge_method: 'plain' }],
    ['for a token instead of a code', { response_type: 'token' }],
  ])('%s is refused', async (_circumstance, changes) => {
    const location = (await request(changes)).headers.get('location');
    expect(location).toMatch(
      /^com\.example\.shop:\/callback[?#]error=(invalid_request|unsupported_response_type)&/,
    );
    expect(location).not.toMatch(/code=/);
  });

  it.each([
    ['to an unknown address', { redirect_uri: 'http://127.0.0.1:9/callback' }],
    ['of an unknown client', { client_id: '<script>' }],
  ])('%s gets a page and is not sent on', async (_circumstance, changes) => {
    const response = await request(changes);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    const html = await response.text();
    expect(html).toContain('Sign-in failed');
    expect(html).not.toContain('<script>');
  });
});

describe('standard output', () => {
  it('belongs to the log: neither oidc-provider nor Koa printed anything', () => {
    expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });
});
