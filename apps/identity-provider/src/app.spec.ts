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
    expect(read).toThrow(/SIGNING_KEY: must be a private JSON Web Key or a set of them, but is not JSON\.\n/);
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

describe('several signing keys', () => {
  it('are all published, and the first signs: a key is known before it is used and after', async () => {
    const keys = await Promise.all([1, 2, 3].map(async () => (await generateInternalKey()).privateJwk));
    const [old, present, next] = keys.map(({ kid }) => kid);
    for (const order of [keys, [keys[1]!, keys[2]!, keys[0]!]]) {
      const provider = await runProvider({ SIGNING_KEY: JSON.stringify({ keys: order }) });
      const { accessToken } = await provider.obtain();
      const published = (await (await fetch(`${provider.url}/jwks`)).json()) as {
        keys: { kid: string; d?: string }[];
      };
      await provider.close();
      const header = JSON.parse(Buffer.from(accessToken.split('.')[0]!, 'base64url').toString()) as {
        kid: string;
      };
      expect(header.kid).toBe(order[0]!.kid);
      expect(new Set(published.keys.map(({ kid }) => kid))).toEqual(new Set([old, present, next]));
      expect(published.keys.filter(({ d }) => d !== undefined)).toEqual([]);
    }
  });

  it('each have to be right', async () => {
    const { privateJwk, publicJwk } = await generateInternalKey();
    const read = (keys: object) => () =>
      readConfiguration(configuration, { SIGNING_KEY: JSON.stringify({ keys }) });
    expect(read([privateJwk, publicJwk])).toThrow(/SIGNING_KEY: keys\[1\] is a public key/);
    expect(read([privateJwk, privateJwk])).toThrow(/SIGNING_KEY: has two keys with the same kid/);
    expect(read([])).toThrow(/SIGNING_KEY: must have at least one key/);
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
