import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProvider, type RunningProvider } from '../testing/running-provider.ts';

let provider: RunningProvider;

beforeAll(async () => {
  provider = await runProvider();
});
afterAll(() => provider.close());

const html = { accept: 'text/html' };

/** The cookies that an answer sets, without those that it clears. */
function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .filter((line) => !line.includes('01 Jan 1970'))
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

/** Starts signing in as a browser would; gives the sign-in page's address and its cookie. */
async function openSignIn(): Promise<{ url: string; cookie: string }> {
  const query = new URLSearchParams({
    client_id: 'mobile',
    response_type: 'code',
    redirect_uri: 'com.example.shop:/callback',
    scope: 'openid orders:read',
    resource: 'urn:bff:mobile-bff',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  });
  const response = await fetch(`${provider.url}/auth?${query.toString()}`, {
    redirect: 'manual',
    headers: html,
  });
  return {
    url: new URL(response.headers.get('location') ?? '', provider.url).href,
    cookie: cookiesOf(response),
  };
}

function post(url: string, cookie: string, form: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...html, cookie },
    body: new URLSearchParams(form),
  });
}

describe('every page', () => {
  it('loads nothing, from here or elsewhere, and cannot be framed', async () => {
    const { url, cookie } = await openSignIn();
    for (const page of [
      await fetch(url, { headers: { ...html, cookie } }),
      await fetch(`${provider.url}/device`, { headers: html }),
      await fetch(`${provider.url}/session/end`, { headers: html }),
      await fetch(`${provider.url}/auth`, { headers: html }),
    ]) {
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(page.headers.get('cache-control')).toContain('no-store');
      const text = await page.text();
      expect(text).toMatch(/<title>/);
      expect(text).not.toMatch(/src=|<link|@import|url\(/);
    }
  });
});

describe('the sign-in page', () => {
  it('says so when the password is wrong and lets the user try again', async () => {
    const { url, cookie } = await openSignIn();
    const refused = await post(url, cookie, { login: 'alice', password: 'wrong' });
    expect(refused.status).toBe(401);
    const page = await refused.text();
    expect(page).toContain('role="alert">The user name or the password is wrong.');
    expect(page).toContain('name="login"');
    expect((await post(url, cookie, { login: 'alice', password: 'password' })).status).toBe(303);
  });

  it('of a sign-in that nobody started says that it has expired', async () => {
    for (const path of ['invented', 'a-b_c']) {
      const response = await fetch(`${provider.url}/interaction/${path}`, { headers: html });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Sign-in has expired');
    }
  });

  it('refuses a form that is far too large', async () => {
    const { url, cookie } = await openSignIn();
    const response = await post(url, cookie, { login: 'alice', password: 'x'.repeat(10_000) });
    expect(response.status).toBe(413);
  });
});

describe('the consent page', () => {
  async function openConsent() {
    const { url, cookie } = await openSignIn();
    const signedIn = await post(url, cookie, { login: 'alice', password: 'password' });
    const resumed = await fetch(signedIn.headers.get('location') ?? '', {
      redirect: 'manual',
      headers: { ...html, cookie },
    });
    return {
      url: new URL(resumed.headers.get('location') ?? '', provider.url).href,
      cookie: cookiesOf(resumed),
    };
  }

  it('names the client and what it asks for', async () => {
    const { url, cookie } = await openConsent();
    const page = await (await fetch(url, { headers: { ...html, cookie } })).text();
    expect(page).toContain('Shop on the phone asks for:');
    expect(page).toContain('<li>orders:read</li>');
  });

  it('lets the user refuse', async () => {
    const { url, cookie } = await openConsent();
    const denied = await post(url, cookie, { decision: 'deny' });
    const answer = await fetch(denied.headers.get('location') ?? '', {
      redirect: 'manual',
      headers: { ...html, cookie },
    });
    expect(answer.headers.get('location')).toMatch(/^com\.example\.shop:\/callback\?error=access_denied/);
  });
});

describe('the device page', () => {
  it('asks again when the code is wrong, without repeating it as HTML', async () => {
    const opened = await fetch(`${provider.url}/device`, { headers: html });
    const cookie = cookiesOf(opened);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await opened.text())?.[1] ?? '';
    const response = await post(`${provider.url}/device`, cookie, { xsrf, user_code: '"><script>' });
    const page = await response.text();
    expect(page).toContain('That code is wrong');
    expect(page).not.toContain('<script>');
  });
});
