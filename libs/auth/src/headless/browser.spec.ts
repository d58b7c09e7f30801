import { describe, expect, it } from '@jest/globals';
import { createBrowser } from './browser.ts';

/** Answers by path and records what was sent. */
function createSite(answers: Record<string, () => Response>) {
  const seen: string[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    seen.push(`${init.method ?? 'GET'} ${pathname} ${new Headers(init.headers).get('cookie') ?? ''}`.trim());
    return answers[pathname]?.() ?? new Response('not found', { status: 404 });
  };
  return { seen, fetch };
}

function redirect(location: string, ...cookies: string[]): Response {
  return new Response(null, {
    status: 303,
    headers: [['location', location], ...cookies.map((c): [string, string] => ['set-cookie', c])],
  });
}

describe('a browser', () => {
  it('sends a cookie back where its path says, and forgets it when told', async () => {
    const site = createSite({
      '/start': () => redirect('/a/1', 'wide=1; path=/', 'narrow=2; path=/a'),
      '/a/1': () => redirect('/ab', 'wide=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT'),
      '/ab': () => redirect('/a'),
      '/a': () => new Response('end'),
    });
    const landing = await createBrowser({ fetch: site.fetch, callback: undefined }).open(
      'http://issuer.test/start',
    );
    expect(landing).toMatchObject({ at: 'page', page: { html: 'end' } });
    expect(site.seen).toEqual(['GET /start', 'GET /a/1 wide=1; narrow=2', 'GET /ab', 'GET /a narrow=2']);
  });

  it('posts a form once and follows with GET', async () => {
    const site = createSite({ '/post': () => redirect('/end'), '/end': () => new Response('end') });
    const browser = createBrowser({ fetch: site.fetch, callback: undefined });
    await browser.open('http://issuer.test/post', { a: 'b' });
    expect(site.seen).toEqual(['POST /post', 'GET /end']);
  });

  it.each(['http://client.test/callback', 'com.example.shop:/callback'])(
    'stops before visiting %s',
    async (callback) => {
      const site = createSite({ '/start': () => redirect(`${callback}?code=1`) });
      const landing = await createBrowser({ fetch: site.fetch, callback }).open('http://issuer.test/start');
      expect(landing).toEqual({ at: 'callback', url: new URL(`${callback}?code=1`) });
      expect(site.seen).toEqual(['GET /start']);
    },
  );

  it('gives up on a loop of redirects', async () => {
    const site = createSite({ '/loop': () => redirect('/loop') });
    const browser = createBrowser({ fetch: site.fetch, callback: undefined });
    await expect(browser.open('http://issuer.test/loop')).rejects.toThrow(/redirected more than 10 times/);
  });
});
