import type { Fetch } from '../fetch-jwks.ts';
import { createBrowser } from './browser.ts';
import { describePage } from './form.ts';
import { SignInError } from './sign-in-error.ts';
import { submitForms, type Credentials } from './sign-in.ts';

export interface ObtainSessionOptions extends Credentials {
  /** Where browsers find web-bff, `http://127.0.0.1:8081`. */
  site: string;
  fetch?: Fetch;
}

/** The cookie's name, with and without the prefix that browsers enforce. */
const sessionCookie = /^(?:__Host-)?session=./;

/**
 * Signs a user in at web-bff as a browser does, without one; the value of the `Cookie` header. For commands and tests
 * against the development provider. Rejects with a `SignInError` that says what is wrong.
 */
export async function obtainSession({
  site,
  user,
  password,
  ...options
}: ObtainSessionOptions): Promise<string> {
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const callback = new URL('/auth/callback', site).href;
  const login = await request(fetch, new URL('/auth/login', site).href, '');
  const attempt = login.headers.getSetCookie().map(pairOf).join('; ');
  const atIssuer = login.headers.get('location');
  if (atIssuer === null) throw new SignInError(`${site} does not sign in (status ${login.status})`);

  const browser = createBrowser({ fetch, callback });
  const landing = await submitForms(browser, await browser.open(atIssuer), { user, password });
  if (landing.at === 'page') throw new SignInError(`sign-in stopped at “${describePage(landing.page)}”`);

  const finished = await request(fetch, landing.url.href, attempt);
  const cookie = finished.headers
    .getSetCookie()
    .map(pairOf)
    .find((pair) => sessionCookie.test(pair));
  if (cookie === undefined) throw new SignInError(`${site} refused the sign-in (status ${finished.status})`);
  return cookie;
}

async function request(fetch: Fetch, url: string, cookie: string): Promise<Response> {
  const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html', cookie } }).catch(
    (cause: unknown) => {
      throw new SignInError(`no answer from ${url}: is web-bff running?`, { cause });
    },
  );
  await response.body?.cancel();
  return response;
}

function pairOf(setCookie: string): string {
  return setCookie.split(';', 1)[0] ?? '';
}
