import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createStaticKeys, createTokenVerifier, generateInternalKey, parseJwks } from '@bff/auth';
import { systemClock } from '@bff/core';
import { ConfigurationError, configurationTable, readConfiguration } from '@bff/server-kit';
import { configuration } from './config.ts';
import { runProvider } from './testing/running-provider.ts';

describe('configuration', () => {
  it('stands in the README as it is', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const words = (text: string) => text.replace(/-{3,}/g, '---').replace(/[ \t]+/g, ' ');
    expect(words(readme)).toContain(words(configurationTable(configuration)));
  });

  it('names each fault, and shows no secret', () => {
    const read = () =>
      readConfiguration(configuration, {
        WEB_CLIENT_SECRET: 'short',
        WEB_REDIRECT_URIS: 'javascript:alert(1)',
        SIGNING_KEY: '{"d":"abc',
        ACCESS_TOKEN_SECONDS: '0',
      });
    expect(read).toThrow(/WEB_CLIENT_SECRET: must have at least 16 characters\.\n/);
    expect(read).toThrow(/WEB_REDIRECT_URIS: must be http or https URLs/);
    expect(read).toThrow(/SIGNING_KEY: must be a private JSON Web Key, but is not JSON\.\n/);
    expect(read).toThrow(/ACCESS_TOKEN_SECONDS: must be a positive whole number/);
  });

  it('refuses production', async () => {
    const start = runProvider({ NODE_ENV: 'production' });
    await expect(start).rejects.toThrow(ConfigurationError);
    await expect(start).rejects.toThrow(/NODE_ENV: is "production".*ISSUER_URL/);
  });
});

describe('a configured signing key', () => {
  it('outlives a restart: a token of the first run verifies against the keys of the second', async () => {
    const { privateJwk } = await generateInternalKey();
    const environment = { SIGNING_KEY: JSON.stringify(privateJwk), ISSUER_URL: 'http://issuer.test' };
    const first = await runProvider(environment);
    const { accessToken } = await first.obtain();
    await first.close();

    const second = await runProvider(environment);
    const jwks = parseJwks(await (await fetch(`${second.url}/jwks`)).text());
    await second.close();
    const verifier = createTokenVerifier({
      issuer: environment.ISSUER_URL,
      audience: 'urn:bff:mobile-bff',
      keys: createStaticKeys(jwks),
      clock: systemClock,
    });
    expect(await verifier.verify(accessToken)).toMatchObject({ subject: 'alice' });
  });
});

describe('the lifetime of tokens', () => {
  it('is configuration', async () => {
    const provider = await runProvider({ ACCESS_TOKEN_SECONDS: '7' });
    const { expiresIn } = await provider.obtain();
    await provider.close();
    expect(expiresIn).toBe(7);
  });
});
