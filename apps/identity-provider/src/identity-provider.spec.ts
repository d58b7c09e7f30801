import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createRemoteKeys, createTokenVerifier, type RemoteKeys } from '@bff/auth';
import { obtainToken, type ObtainTokenOptions } from '@bff/auth/headless';
import { Secret, systemClock } from '@bff/core';
import {
  createIdentityProvider,
  type IdentityProvider,
  type IdentityProviderOptions,
} from './identity-provider.ts';
import { generateSigningKey } from './signing-key.ts';

const webClientSecret = 'a secret/with:odd+characters';
const serverErrors: unknown[] = [];
let server: Server;
let issuer: string;
let keys: RemoteKeys;

function providerOptions(overrides: Partial<IdentityProviderOptions> = {}): IdentityProviderOptions {
  return {
    issuer,
    environment: 'test',
    webClientSecret: new Secret(webClientSecret),
    webRedirectUris: ['http://127.0.0.1:8081/auth/callback'],
    signingKeys: [generateSigningKey()],
    accessTokenSeconds: 900,
    clock: systemClock,
    onServerError: (error) => serverErrors.push(error),
    ...overrides,
  };
}

beforeAll(async () => {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: IdentityProvider = createIdentityProvider(providerOptions());
  server.on('request', provider.handler);
  keys = createRemoteKeys({ url: `${issuer}/jwks`, clock: systemClock });
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

function verify(audience: string, token: string) {
  return createTokenVerifier({ issuer, audience, keys, clock: systemClock }).verify(token);
}

function obtain(overrides: Partial<ObtainTokenOptions> = {}) {
  return obtainToken({
    issuer,
    client: 'mobile',
    user: 'alice',
    password: 'password',
    audience: 'urn:bff:mobile-bff',
    ...overrides,
  });
}

describe('the three clients', () => {
  it.each([
    ['mobile', 'urn:bff:mobile-bff', {}],
    ['mobile', 'urn:bff:api-gateway', {}],
    ['web', 'urn:bff:web-bff', { clientSecret: webClientSecret }],
    ['web', 'urn:bff:api-gateway', { clientSecret: webClientSecret }],
    ['wearable', 'urn:bff:wearable-bff', {}],
    ['wearable', 'urn:bff:api-gateway', {}],
  ] as const)('give %s a token for %s that verifies', async (client, audience, extra) => {
    const token = await obtain({ client, audience, ...extra });
    expect(token.expiresIn).toBe(900);
    expect(await verify(audience, token.accessToken)).toEqual({
      subject: 'alice',
      client,
      scopes: expect.arrayContaining(['orders:read', 'orders:write']) as unknown,
      roles: [],
    });
    expect(token.refreshToken).toEqual(expect.any(String));
    expect(token.idToken).toEqual(expect.any(String));
  });
});
