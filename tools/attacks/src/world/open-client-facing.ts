import { randomBytes } from 'node:crypto';
import { createTestInternalKeys, createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { grpcTarget, httpTarget } from './make-targets.ts';
import { recordGrpc, recordHttp, serveCounting } from './recording-services.ts';
import { spawnServer } from './spawn-server.ts';
import type { Target } from './target.ts';
import type { Environment, OpenWorld } from './world.ts';

export const clientFacingNames = ['api-gateway', 'web-bff', 'mobile-bff', 'wearable-bff'] as const;
type ClientFacingName = (typeof clientFacingNames)[number];

/** The gateway or a BFF, before an issuer and services that note what reaches them; the edge in front where that is wanted. */
export const openClientFacing: OpenWorld<ClientFacingName> = async (server, environment, options) => {
  const { preload, isThroughEdge = false } = options;
  const issuer = createTestIssuer({ audience: `urn:bff:${server}` });
  const jwks = await serveCounting(JSON.stringify(issuer.jwks));
  const services = server === 'api-gateway' ? await recordHttp() : await recordGrpc();
  const close = async () => {
    await Promise.all([services.close(), jwks.close()]);
  };
  const variables = {
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: jwks.url,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    // Whoever stands in front is not one client among others.
    ...(isThroughEdge && { TRUST_PROXY: '1' }),
    ORDER_SERVICE_URL: services.url,
    PAYMENT_SERVICE_URL: services.url,
    SHIPPING_SERVICE_URL: services.url,
    ...signInSecrets(),
    ...environment,
  };
  const process = await spawnServer(server, variables, preload).catch(async (error: unknown) => {
    // What was opened for a server that does not start must not keep the caller alive.
    await close();
    throw error;
  });
  const edge = isThroughEdge ? await openEdge(server, process.listeners, environment) : undefined;
  const { http = '', grpc = '' } = process.listeners;
  const target = targetOf({
    ...{ server, isThroughEdge, reached: services.reached, keyFetches: jwks.count },
    publicKeys: issuer.jwks.keys,
    token: (token?: TestTokenOptions) => issuer.token(token),
    isAlive: () => process.isAlive() && edge?.isAlive() !== false,
    url: edge?.url ?? (server === 'wearable-bff' ? grpc : http),
  });
  return {
    onMessage: process.onMessage,
    targets: [target],
    async close() {
      await edge?.stop();
      await process.stop();
      await close();
    },
  };
};

/** Asks a service, as whoever the BFF takes the client for. */
const ownOrders = encodeURIComponent('{ orders(first: 1) { edges { node { id } } } }');

function targetOf(parts: Omit<Parameters<typeof httpTarget>[0], 'path'>): Target {
  if (parts.server === 'wearable-bff')
    return grpcTarget({ ...parts, path: '/wearable.v1.WearableService/ListOrderGlances' }, 1);
  // What a browser asks before it sends from another site's page; without it GraphQL refuses a GET.
  return parts.server === 'mobile-bff'
    ? httpTarget({ ...parts, path: `/graphql?query=${ownOrders}` }, 'Apollo-Require-Preflight: 1')
    : httpTarget({ ...parts, path: '/v1/orders' });
}

/** The edge in front of one BFF, with the address of the BFF's entry. */
async function openEdge(server: string, behind: Environment, environment: Environment) {
  const name = server.replace('-bff', '');
  const { RECEIVE_TIMEOUT_MS = '', MAX_CONNECTIONS_PER_ADDRESS = '' } = environment;
  const edge = await spawnServer('edge', {
    ...{ MOBILE_PORT: '0', WEARABLE_PORT: '0', RECEIVE_TIMEOUT_MS, MAX_CONNECTIONS_PER_ADDRESS },
    [`${name.toUpperCase()}_BFF_URL`]: behind['http'] ?? behind['grpc'] ?? '',
  });
  return { ...edge, url: edge.listeners[name] ?? '' };
}

/** What web-bff refuses to start without in production. */
export function signInSecrets(): Record<'OIDC_CLIENT_SECRET' | 'SESSION_KEYS', string> {
  const secret = () => randomBytes(48).toString('base64');
  return { OIDC_CLIENT_SECRET: secret(), SESSION_KEYS: secret() };
}
