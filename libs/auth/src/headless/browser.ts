import type { Fetch } from '../fetch-jwks.ts';
import { SignInError } from './sign-in-error.ts';

export interface Page {
  readonly url: string;
  readonly html: string;
}

/** Where a navigation ended: at a page, or at an address that is not the issuer's, which is not visited. */
export type Landing = { at: 'page'; page: Page } | { at: 'callback'; url: URL };

export interface Browser {
  open(url: string, form?: Record<string, string>): Promise<Landing>;
}

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly pair: string;
}

const maxRedirects = 10;

/** As much of a browser as signing in needs: cookies with paths, redirects, form posts; one host, no scripts. */
export function createBrowser(options: { fetch: Fetch; callback: string | undefined }): Browser {
  const cookies = new Map<string, Cookie>();

  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const cookie = parseCookie(line);
      const key = `${cookie.path} ${cookie.name}`;
      if (/;\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(line)) cookies.delete(key);
      else cookies.set(key, cookie);
    }
  };
  const cookieHeader = (url: URL) =>
    [...cookies.values()]
      .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path === '/' ? '/' : `${path}/`))
      .map(({ pair }) => pair)
      .join('; ');

  return {
    async open(start, form) {
      let url = new URL(start);
      let body = form && new URLSearchParams(form);
      for (let step = 0; step < maxRedirects; step++) {
        const response = await options.fetch(url.href, {
          redirect: 'manual',
          headers: { accept: 'text/html', cookie: cookieHeader(url) },
          ...(body && { method: 'POST', body }),
        });
        keep(response);
        const html = await response.text();
        const location = response.headers.get('location');
        if (location === null) return { at: 'page', page: { url: url.href, html } };
        url = new URL(location, url);
        body = undefined;
        if (options.callback !== undefined && isAt(url, options.callback)) return { at: 'callback', url };
      }
      throw new SignInError(`the issuer redirected more than ${maxRedirects} times, last to ${url.pathname}`);
    },
  };
}

function isAt(url: URL, callback: string): boolean {
  return url.href === callback || url.href.startsWith(`${callback}?`);
}

function parseCookie(line: string): Cookie {
  const [pair = ''] = line.split(';', 1);
  const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
  return { name: pair.slice(0, pair.indexOf('=')), path, pair };
}
