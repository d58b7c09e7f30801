import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestIssuer } from '@bff/auth/testing';
import { waitedForProcessorMs } from '@bff/core/testing';
import type { ProcessKit } from '@bff/server-kit';
import {
  createTestBrowser,
  openSessionBffs,
  signIn,
  site,
  type SessionBffs,
} from '../testing/open-session-bffs.ts';

const sameOrigin = { 'x-csrf': '1', origin: site };
const session = '__Host-session';

let bffs: SessionBffs;
let a: string;
let b: string;
const audited: Parameters<ProcessKit['audit']>[0][] = [];

beforeAll(async () => {
  bffs = await openSessionBffs({ instances: 2, kit: { audit: (event) => void audited.push(event) } });
  [a, b] = bffs.urls as [string, string];
});
afterAll(() => bffs.close());
beforeEach(() => {
  bffs.provider.behaviour.idToken = undefined;
  bffs.provider.behaviour.tokenStatus = undefined;
});

describe('sign-in', () => {
  it('begun on one instance ends on another, and the session works on both', async () => {
    const { browser, callback } = await signIn(bffs);
    expect(callback.status).toBe(303);
    expect(callback.headers.get('location')).toBe('/orders');
    expect(callback.headers.get('cache-control')).toBe('no-store');
    for (const url of [a, b]) {
      const me = await browser.ask(`${url}/v1/me`);
      expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ subject: 'alice' })]);
    }
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'sign_in', outcome: 'success', subject: 'alice' }),
    );
  });

  it('asks for a code with PKCE, bound to the browser by cookies that nobody else gets', async () => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const asked = new URL(login.headers.get('location') ?? '');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'web',
      redirect_uri: `${site}/auth/callback`,
      code_challenge_method: 'S256',
      resource: 'urn:bff:web-bff',
    });
    const [attempt = ''] = login.headers.getSetCookie();
    expect(attempt).toMatch(
      /^__Host-sign-in-\w+=v1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
    for (const name of ['state', 'nonce'])
      expect(attempt.split('=')[1]).not.toContain(asked.searchParams.get(name));
    const { callback } = await signIn(bffs);
    const cookie = callback.headers.getSetCookie().find((line) => line.startsWith(session));
    expect(cookie).toMatch(
      /^__Host-session=[0-9a-f]{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it('takes a made-up Host for nothing', async () => {
    const login = await createTestBrowser().ask(`${a}/auth/login`, {
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    expect(new URL(login.headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe(
      `${site}/auth/callback`,
    );
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/%2fevil.example'])(
    'does not lead to %s',
    async (target) => {
      const browser = createTestBrowser();
      const login = await browser.ask(`${a}/auth/login?returnTo=${encodeURIComponent(target)}`);
      const callback = await browser.ask(
        `${a}/auth/callback${bffs.provider.agree(login.headers.get('location') ?? '')}`,
      );
      expect(callback.headers.get('location')).toBe('/');
    },
  );

  it('lets several tabs sign in, and forgets the oldest of too many', async () => {
    const browser = createTestBrowser();
    const first = await browser.ask(`${a}/auth/login`);
    await browser.ask(`${a}/auth/login`);
    expect(
      (await browser.ask(`${a}/auth/callback${bffs.provider.agree(first.headers.get('location') ?? '')}`))
        .status,
    ).toBe(303);
    for (let tab = 0; tab < 8; tab++) await browser.ask(`${a}/auth/login`);
    expect([...browser.cookies.keys()].filter((name) => name.includes('sign-in'))).toHaveLength(4);
  });

  it('ends the session that the browser had before', async () => {
    const { browser } = await signIn(bffs);
    const before = browser.cookies.get(session) ?? '';
    await signIn(bffs, { browser, user: 'bob' });
    expect(browser.cookies.get(session)).not.toBe(before);
    const planted = await fetch(`${a}/v1/me`, { headers: { cookie: `${session}=${before}` } });
    expect(planted.status).toBe(401);
  });

  it('goes home when the user refuses', async () => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const state = new URL(login.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const iss = encodeURIComponent(bffs.provider.issuer);
    const callback = await browser.ask(`${b}/auth/callback?error=access_denied&state=${state}&iss=${iss}`);
    expect([callback.status, callback.headers.get('location')]).toEqual([303, '/?signIn=cancelled']);
    expect(browser.cookies.size).toBe(0);
  });
});

describe('a sign-in that is not right', () => {
  /** The query of the callback, changed. */
  type Change = (query: URLSearchParams) => void;
  const cases: [string, Change][] = [
    ['no state', (query) => query.delete('state')],
    ['another state', (query) => query.set('state', 'f'.repeat(32))],
    ['two states', (query) => query.append('state', query.get('state') ?? '')],
    ['no code', (query) => query.delete('code')],
    ['two codes', (query) => query.append('code', 'x')],
    ['a code of nobody', (query) => query.set('code', 'x')],
    ['no issuer', (query) => query.delete('iss')],
    ['a foreign issuer', (query) => query.set('iss', 'https://evil.example')],
  ];

  it.each(cases)('%s: 400, no session', async (_what, change) => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const query = new URLSearchParams(bffs.provider.agree(login.headers.get('location') ?? ''));
    change(query);
    await expectRefusal(await browser.ask(`${b}/auth/callback?${String(query)}`), browser);
  });

  const idTokens: [string, (claims: Record<string, unknown>) => Promise<string> | string][] = [
    ['none as its algorithm', (claims) => unsigned({ alg: 'none', typ: 'JWT' }, claims)],
    ['HS256 with the public key', (claims) => hmac(claims, JSON.stringify(bffs.provider.jwks.keys[0]))],
    ['HS256 with the client secret', (claims) => hmac(claims, 'development-only-web-client-secret')],
    ['a key of its own in the header', (claims) => foreign(claims, { jwk: createTestIssuer().jwks.keys[0] })],
    ['a key set of its own in the header', (claims) => foreign(claims, { jku: 'https://evil.example/jwks' })],
    ['a foreign signature', (claims) => foreign(claims, {})],
    ['another nonce', (claims) => right({ ...claims, nonce: 'x' })],
    ['no nonce', (claims) => right({ ...claims, nonce: undefined })],
    ['another audience', (claims) => right({ ...claims, aud: 'mobile' })],
    ['another issuer', (claims) => right({ ...claims, iss: 'https://evil.example' })],
    ['an end in the past', (claims) => right({ ...claims, exp: 1 })],
    ['no subject', (claims) => right({ ...claims, sub: undefined })],
  ];

  it.each(idTokens)('an ID token with %s: 400, no session', async (_what, idToken) => {
    bffs.provider.behaviour.idToken = idToken;
    const { browser, callback } = await signIn(bffs);
    await expectRefusal(callback, browser);
  });

  it('is told from one that is, which the same test tools make', async () => {
    bffs.provider.behaviour.idToken = right;
    expect((await signIn(bffs)).callback.status).toBe(303);
  });

  it('in another browser: 400, no session', async () => {
    const login = await createTestBrowser().ask(`${a}/auth/login`);
    const victim = createTestBrowser();
    await victim.ask(`${a}/auth/login`);
    const search = bffs.provider.agree(login.headers.get('location') ?? '', 'mallory');
    await expectRefusal(await victim.ask(`${a}/auth/callback${search}`), victim);
  });

  it('with a changed sign-in cookie, or one of another attempt: 400, no session', async () => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const [[name, value]] = [...browser.cookies] as [[string, string]];
    browser.cookies.set(name, value.slice(0, -4) + (value.endsWith('AAAA') ? 'BBBB' : 'AAAA'));
    await expectRefusal(
      await browser.ask(`${a}/auth/callback${bffs.provider.agree(login.headers.get('location') ?? '')}`),
      browser,
    );
    const other = createTestBrowser();
    await other.ask(`${a}/auth/login`);
    other.cookies.set(name, [...other.cookies.values()][0] ?? '');
    await expectRefusal(
      await other.ask(`${a}/auth/callback${bffs.provider.agree(login.headers.get('location') ?? '')}`),
      other,
    );
  });

  it('a second time: 400, the issuer is not asked again, and the first session lives', async () => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const attempt = new Map(browser.cookies);
    const search = bffs.provider.agree(login.headers.get('location') ?? '');
    await browser.ask(`${a}/auth/callback${search}`);
    const calls = bffs.provider.tokenCalls.length;
    const replay = createTestBrowser();
    for (const [name, value] of attempt) replay.cookies.set(name, value);
    await expectRefusal(await replay.ask(`${b}/auth/callback${search}`), replay);
    // One more is the honest sign-in after the refusal.
    expect(bffs.provider.tokenCalls).toHaveLength(calls + 1);
    expect((await browser.ask(`${b}/v1/me`)).status).toBe(200);
  });

  it('and an issuer that is away: 503 with Retry-After', async () => {
    bffs.provider.behaviour.tokenStatus = 500;
    const { callback } = await signIn(bffs);
    expect([callback.status, callback.headers.get('retry-after')]).toEqual([503, '1']);
  });

  async function expectRefusal(
    callback: Response,
    browser: ReturnType<typeof createTestBrowser>,
  ): Promise<void> {
    const body = await callback.text();
    expect([callback.status, callback.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(body).not.toMatch(/nonce|openid|jwt|oauth|127\.0\.0\.1/i);
    expect(browser.cookies.has(session)).toBe(false);
    expect(audited.at(-1)).toMatchObject({ action: 'sign_in', outcome: 'refused' });
    const { callback: honest } = await signIn(await withRightTokens());
    expect(honest.status).toBe(303);
  }

  async function withRightTokens(): Promise<SessionBffs> {
    bffs.provider.behaviour.idToken = undefined;
    return bffs;
  }

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (header: object, claims: object) => `${part(header)}.${part(claims)}.`;
  const hmac = (claims: object, secret: string) => {
    const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const foreign = (claims: Record<string, unknown>, header: object) =>
    createTestIssuer({ issuer: bffs.provider.issuer }).token({ typ: 'JWT', claims, header: { ...header } });
  const right = (claims: Record<string, unknown>) =>
    bffs.provider.logoutToken({ typ: 'JWT', claims: { ...claims, events: undefined, jti: undefined } });
});

describe('a session', () => {
  it('refuses whatever another site could have sent', async () => {
    const { browser } = await signIn(bffs);
    const logout = (headers: Record<string, string>) =>
      browser.ask(`${a}/auth/logout`, { method: 'POST', headers });
    for (const headers of [
      {},
      { 'x-csrf': '1' },
      { origin: site },
      { 'x-csrf': '1', origin: 'https://evil.example' },
    ]) {
      expect((await logout(headers)).status).toBe(403);
    }
    expect(
      (
        await browser.ask(`${a}/v1/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
      ).status,
    ).toBe(403);
    expect((await browser.ask(`${a}/auth/logout`)).status).toBe(405);
    expect((await browser.ask(`${a}/v1/me`)).status).toBe(200);
  });

  it('and a token at once are refused; a token alone needs no page', async () => {
    const { browser } = await signIn(bffs);
    const both = await browser.ask(`${a}/v1/me`, { headers: { authorization: 'Bearer x' } });
    expect(both.status).toBe(400);
  });

  it('that ended at one instance is gone at all, and the cookie with it', async () => {
    const { browser } = await signIn(bffs);
    const cookie = browser.cookies.get(session) ?? '';
    const out = await browser.ask(`${a}/auth/logout`, { method: 'POST', headers: sameOrigin });
    expect(await out.json()).toEqual({
      signedIn: false,
      endSessionUrl: `${bffs.provider.issuer}/end?client_id=web&post_logout_redirect_uri=${encodeURIComponent(`${site}/`)}`,
    });
    expect(browser.cookies.has(session)).toBe(false);
    for (const url of [a, b]) {
      const replay = await fetch(`${url}/v1/me`, { headers: { cookie: `${session}=${cookie}` } });
      expect(replay.status).toBe(401);
      expect(replay.headers.getSetCookie()[0]).toMatch(/^__Host-session=; .*Max-Age=0$/);
    }
    expect(bffs.provider.revoked.at(-1)).toMatch(/^rt-/);
  });

  it('says who is signed in, and no more', async () => {
    const { browser } = await signIn(bffs);
    const answer = await browser.ask(`${b}/auth/session`);
    expect(await answer.json()).toEqual({
      signedIn: true,
      subject: 'alice',
      name: 'Name of alice',
      endsAt: expect.any(String),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const nobody = createTestBrowser();
    nobody.cookies.set(session, 'made-up');
    expect(await (await nobody.ask(`${b}/auth/session`)).json()).toEqual({ signedIn: false });
    expect(nobody.cookies.size).toBe(0);
  });

  it('ends at every instance within 100 ms of the issuer’s word', async () => {
    const { browser } = await signIn(bffs, { user: 'bob' });
    for (const url of [a, b]) expect((await browser.ask(`${url}/v1/me`)).status).toBe(200);
    const token = await bffs.provider.logoutToken({ sub: 'bob', claims: { sid: 'sid-bob' } });
    const [startedAt, waited] = [performance.now(), waitedForProcessorMs(process.pid)];
    expect((await tellOf(a, token)).status).toBe(200);
    const ended = await Promise.all(
      [a, b].map((url) =>
        fetch(`${url}/v1/me`, { headers: { cookie: `${session}=${browser.cookies.get(session)}` } }),
      ),
    );
    expect(ended.map(({ status }) => status)).toEqual([401, 401]);
    // Client and instances are this process: what it waited for a processor is others' work.
    const tookMs = performance.now() - startedAt - (waitedForProcessorMs(process.pid) - waited);
    process.stdout.write(`back-channel logout: gone at 2 instances after ${tookMs.toFixed(0)} ms\n`);
    expect(tookMs).toBeLessThan(100);
    expect((await tellOf(b, token)).status).toBe(400);
  });

  it.each<[string, () => Promise<string>]>([
    ['an ID token', () => bffs.provider.logoutToken({ typ: 'JWT', claims: { sid: 'sid-alice' } })],
    ['one with a nonce', () => bffs.provider.logoutToken({ claims: { nonce: 'x' } })],
    ['one without the event', () => bffs.provider.logoutToken({ claims: { events: {} } })],
    ['one for another client', () => bffs.provider.logoutToken({ audience: 'mobile' })],
    ['one that has expired', () => bffs.provider.logoutToken({ expiresIn: -60 })],
    ['one that lives for a day', () => bffs.provider.logoutToken({ expiresIn: 86_400 })],
    ['one without an end', () => bffs.provider.logoutToken({ claims: { exp: undefined } })],
    ['one without an id', () => bffs.provider.logoutToken({ claims: { jti: undefined } })],
    ['one about nobody', () => bffs.provider.logoutToken({ claims: { sub: undefined } })],
    [
      'a foreign one',
      () => createTestIssuer({ issuer: bffs.provider.issuer }).token({ typ: 'logout+jwt', audience: 'web' }),
    ],
    ['none', async () => ''],
  ])('does not end by a wrong logout token: %s', async (_what, token) => {
    const { browser } = await signIn(bffs);
    expect((await tellOf(a, await token())).status).toBe(400);
    expect((await browser.ask(`${a}/v1/me`)).status).toBe(200);
  });

  it('is in the store without a token or a name that could be read', async () => {
    await signIn(bffs);
    const stored = ['', '-wal'].map((suffix) => readFileSync(bffs.stateFile + suffix, 'latin1')).join('');
    expect(stored).toContain('session:');
    expect(stored).not.toMatch(/eyJhbGci|rt-[0-9a-f]{8}-|alice|sid-alice/);
  });

  function tellOf(url: string, token: string): Promise<Response> {
    return fetch(`${url}/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    });
  }
});
