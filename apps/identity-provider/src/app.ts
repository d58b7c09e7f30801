import { hash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { generateInternalKey, type PrivateJwk } from '@bff/auth';
import { createKeyRing } from '@bff/auth/session';
import { Secret } from '@bff/core';
import { ConfigurationError, openState, serveHttp, type ProcessKit, type RunningApp } from '@bff/server-kit';
import type { Configuration } from './config.ts';
import { createIdentityProvider } from './identity-provider.ts';
import { createStoredModels } from './stored-models.ts';

/** Wires the provider and serves it. Throws a `ConfigurationError` in production. */
export async function startIdentityProvider(
  configuration: Configuration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const { clock, logger, randomHex } = kit;
  if (configuration.NODE_ENV === 'production') {
    throw new ConfigurationError([
      'NODE_ENV: is "production", but this identity provider is for development: its users share a known password. ' +
        'Set the ISSUER_URL of each app to your own OpenID Connect issuer instead.',
    ]);
  }
  // A new key for each run unless one is given: tokens and state of an earlier run are then refused.
  const signingKeys = configuration.SIGNING_KEY ?? [(await generateInternalKey()).privateJwk];
  const secrets = signingKeys.map(secretOf);
  const state = await openState(configuration, kit);
  // The issuer's name holds the port, which is known only once the listener has it.
  let handler: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end();
  };
  const listener = await serveHttp({
    kit,
    configuration,
    // What two servers could read in two ways is refused before the provider sees it, as by every server here.
    mount: (app) => app.use((request, response) => handler(request, response)),
  });
  const issuer = configuration.ISSUER_URL ?? listener.url;
  ({ handler } = createIdentityProvider({
    issuer,
    logger,
    models: createStoredModels({ state, keys: createKeyRing(secrets, randomHex), clock }),
    cookieKeys: secrets.map((secret) => hash('sha256', `cookies ${secret.reveal()}`, 'base64url')),
    webClientSecret: configuration.WEB_CLIENT_SECRET,
    webRedirectUris: configuration.WEB_REDIRECT_URIS,
    webLogoutUri: configuration.WEB_LOGOUT_URI,
    rotateRefreshTokens: configuration.ROTATE_REFRESH_TOKENS,
    signingKeys,
    accessTokenSeconds: configuration.ACCESS_TOKEN_SECONDS,
  }));
  return { listeners: [listener], info: () => ({ issuer }), close: () => state.close() };
}

/** What is sealed and signed beside tokens lives as long as the key that signs those. */
function secretOf(key: PrivateJwk): Secret {
  return new Secret(JSON.stringify([key.kid, key.d]));
}
