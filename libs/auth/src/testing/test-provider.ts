import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createTestIssuer, type TestIssuer, type TestTokenOptions } from './test-issuer.ts';

export interface TestProvider extends Pick<TestIssuer, 'issuer' | 'jwks'> {
  /** What goes wrong; changed while it runs. */
  readonly behaviour: ProviderBehaviour;
  /** `grant_type` of every call of the token endpoint, in order. */
  readonly tokenCalls: string[];
  /** Refresh tokens that were given back. */
  readonly revoked: string[];
  /** What the user's browser brings back after he has agreed: the query of the callback. */
  agree(authorizationUrl: string, user?: string): string;
  logoutToken(options?: TestTokenOptions): Promise<string>;
  close(): Promise<void>;
}

export interface ProviderBehaviour {
  /** Before the token endpoint answers, in milliseconds; the grant is used up before that. */
  delayMs: number;
  /** The token endpoint answers this status and nothing else. */
  tokenStatus: number | undefined;
  accessTokenSeconds: number;
  /** Whether a refresh token is good for one use. */
  rotates: boolean;
  /** Another ID token than the right one. */
  idToken: ((claims: Record<string, unknown>) => Promise<string> | string) | undefined;
}

interface Grant {
  readonly user: string;
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
  revoked: boolean;
}

/**
 * An OpenID provider inside the test process, without pages. As strict as providers get unless told otherwise: every refresh token is good for one
 * use, and a second use of it or of a code ends the whole grant.
 */
export async function startTestProvider(audience: string): Promise<TestProvider> {
  const behaviour: ProviderBehaviour = {
    delayMs: 0,
    tokenStatus: undefined,
    accessTokenSeconds: 900,
    rotates: true,
    idToken: undefined,
  };
  const codes = new Map<string, { grant: Grant; used: boolean }>();
  const refreshTokens = new Map<string, { grant: Grant; used: boolean }>();
  const tokenCalls: string[] = [];
  const revoked: string[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      response.writeHead(500).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const signer = createTestIssuer({ issuer: url, audience });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/.well-known/openid-configuration') {
      send(response, 200, metadataOf(url));
      return;
    }
    if (request.url === '/jwks') {
      send(response, 200, signer.jwks);
      return;
    }
    const form = new URLSearchParams(await text(request));
    if (request.url === '/revoke') {
      revoked.push(form.get('token') ?? '');
      send(response, 200, {});
      return;
    }
    tokenCalls.push(form.get('grant_type') ?? '');
    if (behaviour.tokenStatus !== undefined) {
      send(response, behaviour.tokenStatus, {});
      return;
    }
    const grant = await spend(form);
    await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
    if (!grant) {
      send(response, 400, { error: 'invalid_grant' });
      return;
    }
    send(response, 200, await answerOf(grant, form.get('grant_type') === 'authorization_code'));
  }

  async function spend(form: URLSearchParams): Promise<Grant | undefined> {
    const isCode = form.get('grant_type') === 'authorization_code';
    const held = isCode
      ? codes.get(form.get('code') ?? '')
      : refreshTokens.get(form.get('refresh_token') ?? '');
    if (!held) return undefined;
    const { grant } = held;
    if (held.used) grant.revoked = true;
    held.used = isCode || behaviour.rotates;
    if (grant.revoked) return undefined;
    if (!isCode) return grant;
    const verifier = new TextEncoder().encode(form.get('code_verifier') ?? '');
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', verifier)).toString('base64url');
    return challenge === grant.challenge && form.get('redirect_uri') === grant.redirectUri
      ? grant
      : undefined;
  }

  async function answerOf(grant: Grant, withIdToken: boolean): Promise<Record<string, unknown>> {
    const refreshToken = `rt-${randomUUID()}`;
    refreshTokens.set(refreshToken, { grant, used: false });
    const { accessTokenSeconds: expiresIn } = behaviour;
    const claims = {
      aud: 'web',
      nonce: grant.nonce,
      sid: `sid-${grant.user}`,
      name: `Name of ${grant.user}`,
    };
    const idToken = behaviour.idToken
      ? await behaviour.idToken({ iss: url, sub: grant.user, iat: seconds(), exp: seconds() + 60, ...claims })
      : await signer.token({ sub: grant.user, typ: 'JWT', claims });
    return {
      token_type: 'Bearer',
      access_token: await signer.token({ sub: grant.user, expiresIn, claims: { jti: randomUUID() } }),
      expires_in: expiresIn,
      refresh_token: refreshToken,
      ...(withIdToken && { id_token: idToken }),
    };
  }

  return {
    issuer: url,
    jwks: signer.jwks,
    behaviour,
    tokenCalls,
    revoked,
    agree(authorizationUrl, user = 'alice') {
      const asked = new URL(authorizationUrl).searchParams;
      const code = randomUUID();
      const grant = {
        user,
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        redirectUri: asked.get('redirect_uri') ?? '',
        revoked: false,
      };
      codes.set(code, { grant, used: false });
      return `?${String(new URLSearchParams({ code, state: asked.get('state') ?? '', iss: url }))}`;
    },
    logoutToken: (options = {}) =>
      signer.token({
        typ: 'logout+jwt',
        expiresIn: 120,
        audience: 'web',
        ...options,
        claims: {
          jti: randomUUID(),
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...options.claims,
        },
      }),
    close: () => stop(server),
  };
}

function metadataOf(url: string): Record<string, unknown> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    revocation_endpoint: `${url}/revoke`,
    end_session_endpoint: `${url}/end`,
    response_types_supported: ['code'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  };
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
