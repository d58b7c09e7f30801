import { createRemoteKeys } from '@bff/auth';
import {
  createCookieJar,
  createKeyRing,
  createLogoutTokens,
  createOpenIdIssuer,
  createSessions,
  createSignIn,
  type CookieJar,
  type KeyRing,
  type LogoutTokens,
  type OpenIdIssuer,
  type Sessions,
  type SignIn,
} from '@bff/auth/session';
import type { IdentityConfiguration, ProcessKit } from '@bff/server-kit';
import type { KeyValueStore } from '@bff/state';
import { sessionKeys, type SessionConfiguration } from './session-configuration.ts';

/** All that the routes need to sign people in and out. */
export interface BrowserSessions {
  readonly cookies: CookieJar;
  readonly issuer: OpenIdIssuer;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly logoutTokens: LogoutTokens;
  /** Where browsers find this app; the first where it is not clear. */
  readonly publicUrls: readonly string[];
  /** Resolves when tokens that are being renewed are stored. */
  close(): Promise<void>;
}

export function openSessions(
  configuration: SessionConfiguration & IdentityConfiguration,
  state: KeyValueStore,
  kit: ProcessKit,
): BrowserSessions {
  const { clock, randomHex, audit } = kit;
  const issuerUrl = configuration.ISSUER_URL;
  const issuer = createOpenIdIssuer({
    issuer: issuerUrl,
    reachedAt: configuration.ISSUER_INTERNAL_URL,
    clientId: configuration.OIDC_CLIENT_ID,
    clientSecret: configuration.OIDC_CLIENT_SECRET,
    scope: configuration.OIDC_SCOPE,
    resource: configuration.TOKEN_AUDIENCE,
    clock,
  });
  const { keys, stop } = followKeys(configuration, kit);
  const cookies = createCookieJar({ secure: configuration.SESSION_COOKIE_SECURE });
  const sessions = createSessions({
    state,
    keys,
    issuer,
    clock,
    randomHex,
    audit,
    idleMs: configuration.SESSION_IDLE_MINUTES * 60_000,
    maxMs: configuration.SESSION_MAX_MINUTES * 60_000,
  });
  return {
    cookies,
    issuer,
    sessions,
    signIn: createSignIn({ issuer, keys, state, cookies, clock, randomHex }),
    logoutTokens: createLogoutTokens({
      issuer: issuerUrl,
      clientId: configuration.OIDC_CLIENT_ID,
      keys: createRemoteKeys({ url: jwksUrl(configuration), clock }),
      state,
      clock,
    }),
    publicUrls: configuration.PUBLIC_URL,
    close() {
      stop();
      return sessions.close();
    },
  };
}

function jwksUrl({
  ISSUER_URL,
  ISSUER_JWKS_URL,
  ISSUER_INTERNAL_URL,
}: SessionConfiguration & IdentityConfiguration) {
  return ISSUER_JWKS_URL ?? `${(ISSUER_INTERNAL_URL ?? ISSUER_URL).replace(/\/$/, '')}/jwks`;
}

/** The ring of `SESSION_KEYS`, which is another one when the file has changed. */
function followKeys(
  configuration: SessionConfiguration,
  kit: ProcessKit,
): { keys: KeyRing; stop: () => void } {
  let present = createKeyRing(configuration.SESSION_KEYS, kit.randomHex);
  const stop = kit.followVariable('SESSION_KEYS', (text) => {
    present = createKeyRing(sessionKeys.parse(text), kit.randomHex);
  });
  const keys: KeyRing = {
    seal: (text, context) => present.seal(text, context),
    open: (sealed, context) => present.open(sealed, context),
    fingerprints: (text) => present.fingerprints(text),
  };
  return { keys, stop };
}
