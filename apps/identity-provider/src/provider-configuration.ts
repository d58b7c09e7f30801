import type { PrivateJwk } from '@bff/auth';
import { errors, type Adapter } from 'oidc-provider';
import { findAccount } from './accounts.ts';
import { clientMetadata, mayAskFor, type ClientsOptions } from './clients.ts';
import * as pages from './interaction/provider-pages.ts';

export interface ProviderOptions extends ClientsOptions {
  /** The first one signs; all are published. */
  signingKeys: readonly PrivateJwk[];
  accessTokenSeconds: number;
  /** Also for confidential clients; oidc-provider rotates the others' by itself. */
  rotateRefreshTokens: boolean;
  /** Where it keeps what it knows. */
  models: (model: string) => Adapter;
  /** Sign cookies; the first signs, all are believed. */
  cookieKeys: readonly string[];
}

const hour = 60 * 60;
const day = 24 * hour;

/** oidc-provider's configuration. Whatever is left out of it is announced on stdout by oidc-provider itself. */
export function providerConfiguration(options: ProviderOptions): Record<string, unknown> {
  return {
    adapter: options.models,
    clients: clientMetadata(options),
    jwks: { keys: options.signingKeys },
    cookies: { keys: options.cookieKeys },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub', 'roles'], profile: ['name'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx: unknown, userName: string) => accountFor(userName),
    extraTokenClaims: (_ctx: unknown, token: { accountId?: string }) => ({
      roles: findAccount(token.accountId ?? '')?.roles ?? [],
    }),
    // oidc-provider's own connects to no private address; ours are the addresses of this configuration, mostly loopback.
    fetch: (url: string, { dispatcher: _guarded, ...options }: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, options),
    clientBasedCORS: () => false,
    renderError: pages.showError,
    ...(options.rotateRefreshTokens && { rotateRefreshToken: true }),
    features: features(options),
    ttl: {
      AccessToken: options.accessTokenSeconds,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Grant: 14 * day,
      IdToken: hour,
      Interaction: hour,
      RefreshToken: 14 * day,
      Session: 14 * day,
    },
  };
}

function features({ accessTokenSeconds }: ProviderOptions): Record<string, unknown> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: pages.showUserCodeInput,
      userCodeConfirmSource: pages.showUserCodeConfirm,
      successSource: pages.showDeviceConnected,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx: unknown, client: { clientId: string }, token: { clientId: string }) =>
        token.clientId === client.clientId,
    },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: pages.showSignOut,
      postLogoutSuccessSource: pages.showSignedOut,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx: unknown, _client: unknown, oneOf?: string) => oneOf,
      // A token request without `resource` is for the resource of the authorization.
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx: unknown, resource: string, client: { clientId: string }) => {
        if (!mayAskFor(client.clientId, resource)) throw new errors.InvalidTarget();
        return {
          scope: 'orders:read orders:write',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  };
}

function accountFor(userName: string) {
  const account = findAccount(userName);
  return (
    account && {
      accountId: account.userName,
      claims: () => ({ sub: account.userName, name: account.name, roles: account.roles }),
    }
  );
}
