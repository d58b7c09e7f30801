import type { Fetch } from '../fetch-jwks.ts';
import { runCodeFlow } from './code-flow.ts';
import { developmentClients } from './development-clients.ts';
import { runDeviceFlow } from './device-flow.ts';
import { discover } from './issuer-endpoints.ts';
import { SignInError } from './sign-in-error.ts';

export interface ObtainTokenOptions {
  /** The issuer's URL, `http://127.0.0.1:8090`. */
  issuer: string;
  client: 'web' | 'mobile' | 'wearable';
  user: string;
  password: string;
  /** The resource that the token is for, `urn:bff:mobile-bff`. */
  audience: string;
  /** Default `openid profile offline_access orders:read orders:write`. */
  scope?: string;
  /** Of client `web` alone, which is confidential. Default: the one that it has in development. */
  clientSecret?: string;
  /** Default: the one that the client has in development. */
  redirectUri?: string;
  fetch?: Fetch;
}

export interface ObtainedToken {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken?: string;
  idToken?: string;
}

/**
 * Signs a user in without a browser, through the flow that the client really uses: authorization code with PKCE for
 * `web` and `mobile`, the device flow for `wearable`. For commands and tests against the development provider.
 * Rejects with a `SignInError` that says what is wrong.
 */
export async function obtainToken(options: ObtainTokenOptions): Promise<ObtainedToken> {
  const { client, user, password, audience } = options;
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const scope = options.scope ?? 'openid profile offline_access orders:read orders:write';
  const endpoints = await discover(options.issuer, fetch);
  const flow = { clientId: client, user, password, audience, scope, fetch };
  const answer =
    client === 'wearable'
      ? await runDeviceFlow(endpoints, flow)
      : await runCodeFlow(endpoints, {
          ...flow,
          clientSecret: options.clientSecret ?? developmentClients[client].clientSecret,
          redirectUri: options.redirectUri ?? developmentClients[client].redirectUri,
        });
  return readAnswer(answer);
}

function readAnswer(answer: Record<string, unknown>): ObtainedToken {
  const { access_token: accessToken, expires_in: expiresIn, refresh_token, id_token } = answer;
  if (typeof accessToken !== 'string' || typeof expiresIn !== 'number') {
    throw new SignInError('the issuer answered without an access token');
  }
  return {
    accessToken,
    expiresIn,
    ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
    ...(typeof id_token === 'string' && { idToken: id_token }),
  };
}
