import type { TestProvider } from './test-provider.ts';

/** As much of a browser as the cookies of one site need, whichever instance of the site is asked. */
export interface TestBrowser {
  /** What it has, by name. */
  readonly cookies: Map<string, string>;
  /** Does not follow redirects. */
  ask(url: string, init?: RequestInit): Promise<Response>;
}

export function createTestBrowser(): TestBrowser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async ask(url, init = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = new Headers(init.headers);
      if (cookie !== '') headers.set('cookie', cookie);
      const response = await fetch(url, { redirect: 'manual', ...init, headers });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';', 1);
        const at = pair.indexOf('=');
        if (/;\s*Max-Age=0/i.test(line)) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return response;
    },
  };
}

/** A site with sign-in, on one instance or several, and the provider behind it. */
export interface SignInSite {
  readonly provider: TestProvider;
  /** Of the instances, without a path. */
  readonly urls: readonly string[];
}

export interface SignInOptions {
  /** Default `alice`. */
  user?: string;
  /** Where it begins; default the first instance. */
  begin?: string | undefined;
  /** Where it ends; default the second, where there is one. */
  end?: string | undefined;
  browser?: TestBrowser;
}

/** Signs in: begins at one instance, ends at another. `search` is the query that the browser brought back. */
export async function signInAt({ provider, urls }: SignInSite, options: SignInOptions = {}) {
  const { user = 'alice', begin = urls[0] ?? '', browser = createTestBrowser() } = options;
  const end = options.end ?? urls[1] ?? begin;
  const login = await browser.ask(`${begin}/auth/login?returnTo=/orders`);
  const search = provider.agree(login.headers.get('location') ?? '', user);
  const callback = await browser.ask(`${end}/auth/callback${search}`);
  return { browser, callback, search };
}
