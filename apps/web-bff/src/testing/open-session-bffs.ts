import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestInternalKeys, startTestProvider } from '@bff/auth/testing';
import { readConfiguration, type ProcessKit } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWebBff } from '../app.ts';
import { configuration } from '../config.ts';

export type SessionBffs = Awaited<ReturnType<typeof openSessionBffs>>;

/** Where browsers find the instances of these tests, all of them. */
export const site = 'http://127.0.0.1:8081';

interface OpenOptions {
  instances: number;
  environment?: Record<string, string>;
  kit?: Partial<ProcessKit>;
}

/** Instances of web-bff with one state, before a provider of the test's own and no services: enough to ask who one is. */
export async function openSessionBffs({ instances, environment = {}, kit = {} }: OpenOptions) {
  const provider = await startTestProvider('urn:bff:web-bff');
  const folder = mkdtempSync(join(tmpdir(), 'bff-web-'));
  const stateFile = join(folder, 'state.db');
  const nowhere = 'http://127.0.0.1:1';
  const values = readConfiguration(configuration, {
    PORT: '0',
    ISSUER_URL: provider.issuer,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    ORDER_SERVICE_URL: nowhere,
    PAYMENT_SERVICE_URL: nowhere,
    SHIPPING_SERVICE_URL: nowhere,
    SERVICE_HEALTH_CHECK_MS: '0',
    RATE_LIMIT_PER_MINUTE: '100000',
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '100000',
    CONNECTIONS_PER_ADDRESS: '10000',
    PUBLIC_URL: site,
    STATE_FILE: stateFile,
    ...environment,
  });
  const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
  const apps = await Promise.all(
    Array.from({ length: instances }, () => startWebBff(values, createTestKit({ randomHex, ...kit }))),
  );
  return {
    provider,
    stateFile,
    urls: apps.map((app) => app.listeners[0]!.url),
    async close() {
      await Promise.all(apps.flatMap((app) => app.listeners.map((listener) => listener.close(0))));
      await Promise.all(apps.map((app) => app.close!()));
      await provider.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** As much of a browser as the cookies of one site need. */
export function createTestBrowser() {
  const cookies = new Map<string, string>();
  return {
    cookies,
    /** Does not follow redirects. */
    async ask(url: string, init: RequestInit = {}): Promise<Response> {
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

/** Signs in: begins at one instance, ends at another. */
export async function signIn(
  { provider, urls }: Pick<SessionBffs, 'provider' | 'urls'>,
  { user = 'alice', begin = urls[0], end = urls[1] ?? urls[0], browser = createTestBrowser() } = {},
) {
  const login = await browser.ask(`${begin}/auth/login?returnTo=/orders`);
  const search = provider.agree(login.headers.get('location') ?? '', user);
  const callback = await browser.ask(`${end}/auth/callback${search}`);
  return { browser, callback, search };
}
