import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret, systemClock } from '@bff/core';
import { createOpenIdIssuer } from './openid-issuer.ts';

const secrets = {
  state: 's',
  nonce: 'n',
  verifier: 'v'.repeat(43),
  redirectUri: 'https://shop.example/auth/callback',
};
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An issuer that names its endpoints by the address at which it is asked; `state.away` makes it answer 500. */
async function openIssuer(issuer: string) {
  const state = { away: false, asked: 0 };
  const server = createServer((request, response) => {
    state.asked++;
    const here = `http://${request.headers.host ?? ''}`;
    const metadata = {
      issuer,
      authorization_endpoint: `${here}/authorize`,
      token_endpoint: `${here}/token`,
      end_session_endpoint: `${here}/end`,
      response_types_supported: ['code'],
    };
    response
      .writeHead(state.away ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(metadata));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const reachedAt = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const client = createOpenIdIssuer({
    issuer,
    reachedAt,
    clientId: 'web',
    clientSecret: new Secret('secret-of-the-client'),
    scope: 'openid',
    resource: 'urn:bff:web-bff',
    clock: systemClock,
  });
  return { client, state };
}

describe('createOpenIdIssuer', () => {
  it('sends browsers to the address that they can reach, and asks at the one inside', async () => {
    const { client } = await openIssuer('http://issuer.example');
    expect(await client.authorizationUrl(secrets)).toMatch(/^http:\/\/issuer\.example\/authorize\?/);
    expect(await client.endSessionUrl('https://shop.example/')).toMatch(
      /^http:\/\/issuer\.example\/end\?client_id=web&/,
    );
  });

  it('asks once for all, and again after a failure', async () => {
    const { client, state } = await openIssuer('http://issuer.example');
    state.away = true;
    await expect(client.authorizationUrl(secrets)).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 1_000,
    });
    state.away = false;
    await Promise.all([1, 2, 3].map(() => client.authorizationUrl(secrets)));
    expect(state.asked).toBe(2);
  });
});
