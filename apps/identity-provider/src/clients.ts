import { developmentClients } from '@bff/auth/headless';
import type { Secret } from '@bff/core';

export interface ClientsOptions {
  webClientSecret: Secret;
  /** Where the browser may be sent after sign-in at client `web`. */
  webRedirectUris: readonly string[];
  /** Where client `web` is told that a user has signed out; the path `/auth/backchannel-logout` beside its first redirect URI unless given. */
  webLogoutUri?: string | undefined;
}

/** Which resources a client may ask tokens for: its own BFF, and the central gateway of level 1. */
const resourcesOf: Readonly<Record<string, readonly string[]>> = {
  web: ['urn:bff:web-bff', 'urn:bff:api-gateway'],
  mobile: ['urn:bff:mobile-bff', 'urn:bff:api-gateway'],
  wearable: ['urn:bff:wearable-bff', 'urn:bff:api-gateway'],
};

const names: Readonly<Record<string, string>> = {
  web: 'Shop in the browser',
  mobile: 'Shop on the phone',
  wearable: 'Shop on the watch',
};

/** What users know the client by. */
export function clientName(clientId: string): string {
  return names[clientId] ?? clientId;
}

export function mayAskFor(clientId: string, resource: string): boolean {
  return resourcesOf[clientId]?.includes(resource) ?? false;
}

/** Client metadata in the terms of OpenID Connect Dynamic Client Registration. */
export function clientMetadata({
  webClientSecret,
  webRedirectUris,
  webLogoutUri = new URL('/auth/backchannel-logout', webRedirectUris[0]).href,
}: ClientsOptions): Record<string, unknown>[] {
  return [
    {
      client_id: 'web',
      client_name: clientName('web'),
      client_secret: webClientSecret.reveal(),
      application_type: 'web',
      redirect_uris: webRedirectUris,
      post_logout_redirect_uris: [...new Set(webRedirectUris.map((uri) => new URL('/', uri).href))],
      backchannel_logout_uri: webLogoutUri,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: 'mobile',
      client_name: clientName('mobile'),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [developmentClients.mobile.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: 'wearable',
      client_name: clientName('wearable'),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [],
      response_types: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    },
  ];
}
