import { AppError, type Clock, type Secret } from '@bff/core';
import * as openid from 'openid-client';
import type { SessionTokens, SignInGrant } from './session-record.ts';
import { RefreshRefused, type TokenIssuer } from './token-issuer.ts';

export interface OpenIdIssuerOptions {
  /** The issuer's URL; its discovery document is below it. */
  issuer: string;
  /** Where this process reaches the issuer, when that is not where browsers do. */
  reachedAt?: string | undefined;
  clientId: string;
  clientSecret: Secret;
  /** Scopes that are asked for, separated by spaces. */
  scope: string;
  /** The resource that access tokens are for (RFC 8707). */
  resource: string;
  clock: Clock;
  /** How long one answer may take, in milliseconds. Default 30 000. */
  timeoutMs?: number;
}

/** What binds an answer of the issuer to the request that asked for it. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface OpenIdIssuer extends TokenIssuer {
  /** Where to send the browser. */
  authorizationUrl(secrets: SignInSecrets): Promise<string>;
  /** Redeems the code in `search`, the query of the callback. Rejects with `invalid_argument` for an answer that is not right, `permission_denied` when the user refused. */
  redeem(search: string, secrets: SignInSecrets): Promise<SignInGrant>;
  /** Where the browser signs out at the issuer; `undefined` when the issuer has no such place. */
  endSessionUrl(returnTo: string): Promise<string | undefined>;
}

/** An access token whose life the issuer does not tell lives this long, in seconds. */
const fallbackLifeSeconds = 300;

/** Code flow with PKCE as a confidential client. Discovery happens with the first use and again after a failure. */
export function createOpenIdIssuer(options: OpenIdIssuerOptions): OpenIdIssuer {
  const { clientId, scope, resource, clock } = options;
  let discovered: Promise<openid.Configuration> | undefined;

  const configuration = () => {
    const present = (discovered ??= discover(options));
    return present.catch((thrown: unknown) => {
      if (discovered === present) discovered = undefined;
      throw away(thrown);
    });
  };
  const tokensOf = (answer: openid.TokenEndpointResponse): SessionTokens => {
    const issuedAt = clock.date().getTime();
    const expiresAt = issuedAt + (answer.expires_in ?? fallbackLifeSeconds) * 1_000;
    const { access_token: accessToken, refresh_token: refreshToken } = answer;
    return { accessToken, issuedAt, expiresAt, ...(refreshToken !== undefined && { refreshToken }) };
  };

  return {
    async authorizationUrl({ state, nonce, verifier, redirectUri }) {
      const parameters = {
        redirect_uri: redirectUri,
        scope,
        resource,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // Without it issuers drop offline_access (OpenID Connect Core, 11).
        ...(scope.split(' ').includes('offline_access') && { prompt: 'consent' }),
      };
      return forBrowsers(openid.buildAuthorizationUrl(await configuration(), parameters), options);
    },

    async redeem(search, { state, nonce, verifier, redirectUri }) {
      const config = await configuration();
      // The address that was asked for, not what a Host header says.
      const callback = new URL(redirectUri);
      callback.search = search;
      const answer = await openid
        .authorizationCodeGrant(
          config,
          callback,
          { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
          { resource },
        )
        .catch((thrown: unknown) => {
          throw signInFault(thrown);
        });
      const claims = answer.claims();
      if (!claims) throw notRight(new Error('no ID token'));
      const { sub: subject, sid, name } = claims;
      return {
        subject,
        ...(typeof name === 'string' && { name }),
        ...(typeof sid === 'string' && { issuerSession: sid }),
        tokens: tokensOf(answer),
      };
    },

    async refresh(refreshToken) {
      const config = await configuration();
      const answer = await openid
        .refreshTokenGrant(config, refreshToken, { resource })
        .catch((thrown: unknown) => {
          if (thrown instanceof openid.ResponseBodyError && thrown.error === 'invalid_grant') {
            throw new RefreshRefused('The issuer refused the refresh token.', { cause: thrown });
          }
          throw away(thrown);
        });
      return tokensOf(answer);
    },

    async revoke(refreshToken) {
      await openid.tokenRevocation(await configuration(), refreshToken, { token_type_hint: 'refresh_token' });
    },

    async endSessionUrl(returnTo) {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      // No id_token_hint: that would show the browser a token. The issuer asks the user instead.
      const parameters = { client_id: clientId, post_logout_redirect_uri: returnTo };
      return forBrowsers(openid.buildEndSessionUrl(config, parameters), options);
    },
  };
}

async function discover(options: OpenIdIssuerOptions): Promise<openid.Configuration> {
  const { issuer, reachedAt, clientId, clientSecret, timeoutMs = 30_000 } = options;
  const server = new URL(issuer);
  const config = await openid.discovery(
    server,
    clientId,
    {},
    openid.ClientSecretBasic(clientSecret.reveal()),
    {
      timeout: timeoutMs / 1_000,
      // Plain HTTP is what a laptop and a service mesh have; the address is the operator's own choice.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to be noticed, says its own documentation
      execute: server.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      ...(reachedAt !== undefined && {
        [openid.customFetch]: fetchVia(server.origin, new URL(reachedAt).origin),
      }),
    },
  );
  // The ID token's signature, too, and not only the line that it came over.
  openid.enableNonRepudiationChecks(config);
  return config;
}

/** Issuers name their endpoints by the address at which they were asked; browsers cannot reach the one inside. */
function forBrowsers(url: URL, { issuer, reachedAt }: OpenIdIssuerOptions): string {
  if (reachedAt === undefined || url.origin !== new URL(reachedAt).origin) return url.href;
  return new URL(issuer).origin + url.href.slice(url.origin.length);
}

function fetchVia(from: string, to: string): openid.CustomFetch {
  return (url, init) => fetch(url.startsWith(from) ? to + url.slice(from.length) : url, init as RequestInit);
}

/** The user's refusal, a wrong answer, or an issuer that is away. */
function signInFault(thrown: unknown): AppError {
  if (thrown instanceof openid.AuthorizationResponseError) {
    if (thrown.error === 'access_denied') {
      return new AppError('permission_denied', 'The sign-in was cancelled.', { cause: thrown });
    }
    return notRight(thrown);
  }
  if (thrown instanceof openid.ResponseBodyError)
    return thrown.status >= 500 ? away(thrown) : notRight(thrown);
  return isAway(thrown) ? away(thrown) : notRight(thrown);
}

function isAway(thrown: unknown): boolean {
  if (!(thrown instanceof openid.ClientError)) return true;
  if (thrown.code === 'OAUTH_TIMEOUT' || thrown.code === 'OAUTH_ABORT') return true;
  return thrown.cause instanceof Response && thrown.cause.status >= 500;
}

function notRight(cause: unknown): AppError {
  return new AppError('invalid_argument', 'This sign-in cannot be completed; start again.', { cause });
}

function away(cause: unknown): AppError {
  return new AppError('unavailable', 'Signing in is not possible for the moment; try again shortly.', {
    cause,
    retryAfterMs: 1_000,
  });
}
