import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

// What an attacker makes of a sign-in, a cookie or the issuer's word: the tables of tools/attacks, tried on three instances.
describe('a sign-in that is not right', () => {
  it('is refused with a problem, and noted', async () => {
    const browser = createTestBrowser();
    const login = await browser.ask(`${a}/auth/login`);
    const query = new URLSearchParams(bffs.provider.agree(login.headers.get('location') ?? ''));
    query.set('code', 'x');
    const callback = await browser.ask(`${b}/auth/callback?${String(query)}`);
    expect([callback.status, callback.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(browser.cookies.has(session)).toBe(false);
    expect(audited.at(-1)).toMatchObject({ action: 'sign_in', outcome: 'refused' });
  });

  it('because the issuer is away is a 503 with Retry-After', async () => {
    bffs.provider.behaviour.tokenStatus = 500;
    const { callback } = await signIn(bffs);
    expect([callback.status, callback.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('a session', () => {
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
