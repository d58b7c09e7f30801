import { describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import { ConfigurationError, readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWebBff } from '../app.ts';
import { configuration } from '../config.ts';

const safe = {
  NODE_ENV: 'production',
  PORT: '0',
  STATE_FILE: ':memory:',
  ISSUER_URL: 'https://issuer.example',
  INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
  PUBLIC_URL: 'https://shop.example',
  OIDC_CLIENT_SECRET: 'a-secret-of-this-client-alone',
  SESSION_KEYS: 'k'.repeat(48),
};

async function start(changes: Record<string, string | undefined>): Promise<string> {
  const environment = Object.fromEntries(
    Object.entries<string | undefined>({ ...safe, ...changes }).filter(([, value]) => value !== undefined),
  );
  try {
    const app = await startWebBff(readConfiguration(configuration, environment), createTestKit());
    await Promise.all(app.listeners.map((listener) => listener.close(0)));
    await app.close?.();
    return 'starts';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConfigurationError);
    return (thrown as Error).message;
  }
}

describe('web-bff in production', () => {
  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['without the client’s secret', { OIDC_CLIENT_SECRET: undefined }, /OIDC_CLIENT_SECRET: is missing or/],
    [
      'with that of development',
      { OIDC_CLIENT_SECRET: 'development-only-web-client-secret' },
      /OIDC_CLIENT_SECRET: is missing or/,
    ],
    ['without session keys', { SESSION_KEYS: undefined }, /SESSION_KEYS: is missing or/],
    [
      'with that of development behind another',
      { SESSION_KEYS: `${'k'.repeat(48)},development-only-session-key-not-a-secret` },
      /SESSION_KEYS: is missing or/,
    ],
    ['with a short one', { SESSION_KEYS: 'short' }, /SESSION_KEYS.*at least 32/],
    ['with insecure cookies', { SESSION_COOKIE_SECURE: 'false' }, /SESSION_COOKIE_SECURE: is false/],
    ['without TLS', { PUBLIC_URL: 'http://shop.example' }, /PUBLIC_URL: http:\/\/shop.example is not https/],
    ['with a path in its address', { PUBLIC_URL: 'https://shop.example/app' }, /PUBLIC_URL.*without a path/],
  ])('refuses to start %s, and says why', async (_what, changes, reason) => {
    expect(await start(changes)).toMatch(reason);
  });

  it('shows no secret in what it says', async () => {
    const said = await start({ SESSION_KEYS: 'a-short-secret', OIDC_CLIENT_SECRET: 'tiny' });
    expect(said).not.toMatch(/a-short-secret|tiny/);
  });

  it('names all that is wrong at once', async () => {
    const said = await start({
      OIDC_CLIENT_SECRET: undefined,
      SESSION_KEYS: undefined,
      SESSION_COOKIE_SECURE: 'false',
    });
    for (const name of ['OIDC_CLIENT_SECRET', 'SESSION_KEYS', 'SESSION_COOKIE_SECURE'])
      expect(said).toContain(name);
  });

  it('starts with everything in order', async () => {
    expect(await start({})).toBe('starts');
  });
});
