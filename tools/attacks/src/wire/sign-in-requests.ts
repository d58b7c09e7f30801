import { createTestBrowser, signInAt, type TestBrowser } from '@bff/auth/testing';
import type { Outcome } from '../attack.ts';
import type { AttackedSite, Target } from '../world/target.ts';

/** The cookie of a session. */
export const session = '__Host-session';
/** The address under which browsers know the attacked site. */
export const site = 'https://shop.example';
/** What the site's own page sends with whatever changes something. */
export const sameOrigin = { 'x-csrf': '1', origin: site };

/** The attacked instances; the first three under names of their own. */
export function siteOf({ signIn }: Target): AttackedSite & { a: string; b: string; c: string } {
  if (!signIn) throw new Error('This attack is on a site with sign-in.');
  const [a = '', b = a, c = b] = signIn.urls;
  return { ...signIn, a, b, c };
}

export async function outcomeOf(response: Response): Promise<Outcome> {
  const headers = Object.fromEntries(response.headers);
  const body = await response.text();
  // Of several cookies `headers` keeps one.
  const text = `${JSON.stringify(headers)}\n${response.headers.getSetCookie().join('\n')}\n${body}`;
  return { status: response.status, headers, body, text };
}

/** A sign-in that has come back from the issuer and not been finished. */
export async function begun(target: Target, user?: string, returnTo = '/orders') {
  const { provider, a } = siteOf(target);
  const browser = createTestBrowser();
  const login = await browser.ask(`${a}/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
  const asked = login.headers.get('location') ?? '';
  return { browser, asked, query: new URLSearchParams(provider.agree(asked, user)) };
}

/** Finishes it at another instance; throws when the browser has a session although it was refused. */
export async function finish(
  target: Target,
  { browser, query }: { browser: TestBrowser; query: URLSearchParams },
): Promise<Outcome> {
  const { b } = siteOf(target);
  const outcome = await outcomeOf(await browser.ask(`${b}/auth/callback?${String(query)}`));
  if (outcome.status >= 400 && browser.cookies.has(session)) throw new Error('the browser has a session');
  return outcome;
}

/** A browser in which alice, or `user`, is signed in. */
export async function signedIn(target: Target, user?: string): Promise<TestBrowser> {
  const { browser } = await signInAt(siteOf(target), user === undefined ? {} : { user });
  if (!browser.cookies.has(session)) throw new Error('The sign-in before the attack failed.');
  return browser;
}

const longLived = new WeakMap<AttackedSite, Map<string, Promise<TestBrowser>>>();

/** The same, once for all attacks that must not end the session: one that does breaks all that follow. */
export function staysSignedIn(target: Target, user = 'alice'): Promise<TestBrowser> {
  const { signIn } = target;
  if (!signIn) throw new Error('This attack is on a site with sign-in.');
  const browsers = longLived.get(signIn) ?? new Map<string, Promise<TestBrowser>>();
  longLived.set(signIn, browsers);
  const browser = browsers.get(user) ?? signedIn(target, user);
  browsers.set(user, browser);
  return browser;
}

/** Who is signed in, by one cookie. */
export async function askWith(url: string, cookie: string): Promise<Outcome> {
  return outcomeOf(await fetch(`${url}/v1/me`, { headers: { cookie } }));
}

/** Throws unless the browser's session works on every instance. */
export async function mustLive(target: Target, browser: TestBrowser): Promise<void> {
  for (const url of siteOf(target).urls) {
    const { status } = await browser.ask(`${url}/v1/me`);
    if (status !== 200) throw new Error(`the session that was there before gets ${status}`);
  }
}

/** The same refusal of every instance; throws when one answers otherwise. */
export async function askEverywhere(target: Target, cookie: string): Promise<Outcome> {
  const answers = await Promise.all(siteOf(target).urls.map((url) => askWith(url, cookie)));
  const [first] = answers;
  if (!first) throw new Error('There is no instance.');
  const other = answers.find(({ status }) => status !== first.status);
  if (other) throw new Error(`one instance answers ${first.status}, another ${other.status}`);
  return first;
}

/** Why it was refused is for the log. */
export function faultOfRefusal(outcome: Outcome): string | undefined {
  const said = /nonce|openid|jwt|oauth|<script/i.exec(outcome.body)?.[0];
  return said === undefined ? faultOfTokens(outcome) : `the answer says "${said}"`;
}

/** No token in any answer to a browser. */
export function faultOfTokens({ text }: Outcome): string | undefined {
  return /eyJ[\w-]{5}|rt-[\da-f]{8}-/.test(text) ? 'a token is in the answer' : undefined;
}
